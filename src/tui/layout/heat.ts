/**
 * A histogram over time as cells: time across, slots upwards.
 *
 * @module
 */
import type { TickHistory, ToolModel } from "../../model/mod.ts";
import type { Size } from "../canvas/mod.ts";
import { coveredColumns, timeColumns } from "./time_columns.ts";

/** Smallest heat map: title and legend, a row of cells, the axis of time. */
export const HEAT_MIN: Size = { width: 20, height: 3 };

/** Counts per second by slot and column. */
export interface HeatCells {
  /** Unit of the slots' bounds. */
  readonly unit: string;
  /** Slots between the first and the last that counted. */
  readonly first: number;
  readonly last: number;
  /** `rates[slot - first][column]`. */
  readonly rates: readonly Float64Array[];
}

/** The histogram with this label in each tick, if it has the unit of the newest, with the length of the tick in seconds. */
function slotsOf(
  kept: TickHistory,
  label: string,
  otherScope: ReadonlySet<number> | undefined,
): { slots: readonly number[]; intervalS: number; unit: string }[] {
  const ticks = Array.from({ length: kept.length }, (_, i) => {
    const tick = otherScope?.has(kept.timeAt(i)!) ? undefined : kept.summaryAt(i)?.tick;
    const histogram = tick?.histograms?.find((one) => one.label === label);
    return { slots: histogram?.slots ?? [], unit: histogram?.unit ?? "", intervalS: tick?.intervalS || 1 };
  });
  const newest = ticks.findLast(({ unit }) => unit !== "")?.unit ?? "";
  return ticks.map((tick) => tick.unit === newest ? tick : { ...tick, slots: [], unit: "" });
}

/** The mean rate of each slot in each of `width` columns of time, without ticks of another scope; null when nothing was counted. */
export function heatCells(
  { pastTicks: kept, otherScope }: Pick<ToolModel, "pastTicks" | "otherScope">,
  label: string,
  width: number,
): HeatCells | null {
  const ticks = slotsOf(kept, label, otherScope);
  const used = ticks.flatMap(({ slots }) => {
    const first = slots.findIndex((count) => count > 0);
    return first < 0 ? [] : [first, slots.findLastIndex((count) => count > 0)];
  });
  if (used.length === 0) return null;
  const first = Math.min(...used);
  const last = Math.max(...used);
  const times = ticks.map((_, i) => kept.timeAt(i) as number);
  const rates = Array.from({ length: last - first + 1 }, () => new Float64Array(width));
  const covering = new Float64Array(width);
  coveredColumns(times, timeColumns(times, width)).forEach(({ from, to }, i) => {
    const { slots, intervalS } = ticks[i]!;
    for (let x = Math.max(0, from); x <= to; x++) {
      covering[x]! += 1;
      for (let slot = first; slot <= last; slot++) rates[slot - first]![x]! += (slots[slot] ?? 0) / intervalS;
    }
  });
  for (const row of rates) row.forEach((sum, x) => row[x] = covering[x]! > 0 ? sum / covering[x]! : 0);
  return { unit: ticks.find(({ unit }) => unit !== "")?.unit ?? "", first, last, rates };
}
