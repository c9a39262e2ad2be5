/**
 * Numbers as people type them: `100`, `4k`, `1.5M`, `10ms`.
 *
 * @module
 */
import type { Column, Unit } from "../../model/mod.ts";

type Factors = Readonly<Record<string, number>>;

const COUNT: Factors = { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };
const BYTES: Factors = {
  "": 1,
  b: 1,
  k: 2 ** 10,
  kb: 2 ** 10,
  m: 2 ** 20,
  mb: 2 ** 20,
  g: 2 ** 30,
  gb: 2 ** 30,
  t: 2 ** 40,
};
const SECONDS: Factors = { ns: 1e-9, us: 1e-6, "µs": 1e-6, ms: 1e-3, s: 1, m: 60 };

/** Times in another unit than seconds. */
function timesIn(unit: string, perSecond: number): Factors {
  const factors = Object.entries(SECONDS).map(([name, seconds]) => [name, seconds * perSecond]);
  return { ...Object.fromEntries(factors), "": SECONDS[unit]! * perSecond };
}

const FACTORS: Readonly<Partial<Record<Unit, Factors>>> = {
  count: COUNT,
  id: { "": 1 },
  bytes: BYTES,
  kb: BYTES,
  us: timesIn("us", 1e6),
  ms: timesIn("ms", 1e3),
  s: timesIn("s", 1),
  pct: { "": 1, "%": 1 },
};

/**
 * Reads a value to compare a column with, in the unit its rows hold.
 *
 * @param asShown a bare number is in the unit the title shows: KiB where that is R_Kb. Else in the rows' own.
 * @returns null where it is no number with a unit of this column.
 */
export function parseAmount(text: string, { unit }: Column, asShown: boolean): number | null {
  const parts = /^(-?(?:\d+\.?\d*|\.\d+))\s*([a-zµ%]*)$/iu.exec(text);
  const factor = parts ? FACTORS[unit]?.[parts[2]!.toLowerCase()] : undefined;
  if (!parts || factor === undefined) return null;
  const bare = parts[2] === "" && unit === "kb" && asShown;
  return Number(parts[1]) * (bare ? 1024 : factor);
}
