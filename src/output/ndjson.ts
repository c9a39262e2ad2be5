/**
 * One JSON object per tool and tick, the schema of version 1:
 * `{"v":1,"tool":…,"time":ISO 8601,"interval_s":…,"tier":…,"rows":[…],"lost":{"events":…,"keys":…}}`, and
 * `"histograms":[{"label":…,"unit":…,"slots":[…]}]` where a tool has them (slot i counts values in [2^i, 2^(i+1))),
 * and with `"sum":…` in that unit where the tool was asked for it.
 *
 * @module
 */
import type { Row, Tick, Value } from "../model/mod.ts";
import { type Format, type FormatOptions, selectRows } from "./format.ts";

/** Version of the schema. */
const SCHEMA = 1;

/** Rows of a piece: about a megabyte. */
const PIECE_ROWS = 4096;

/** Text that JSON shows as it is. */
const PLAIN = /^[ !#-\[\]-~]*$/;

/** A value as JSON; what is no number is null there. */
function jsonValue(value: Value): string {
  if (typeof value === "string") return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
  return value !== null && Number.isFinite(value) ? String(value) : "null";
}

/** Counts of the interval, exact; unknown values are null; a tick without rows is a line with an empty list. */
export function ndjsonFormat(options: FormatOptions): Format {
  // Put together by hand: an object for each of 100,000 rows a second would hold up the emptying of rings.
  const fields = options.columns.map(({ key }, i) => ({ key, name: `${i === 0 ? "" : ","}"${key}":` }));
  const rowText = (row: Row): string => {
    let text = "{";
    for (const { key, name } of fields) text += name + jsonValue(row[key] ?? null);
    return text + "}";
  };
  function* pieces(tick: Tick): Generator<string> {
    const head = JSON.stringify({
      v: SCHEMA,
      tool: tick.tool,
      time: new Date(tick.time).toISOString(),
      interval_s: Number(tick.intervalS.toFixed(6)),
      tier: tick.tier,
    });
    const tail = JSON.stringify({
      ...(tick.histograms ? { histograms: tick.histograms } : {}),
      lost: tick.lost,
    });
    const rows = selectRows(tick, options);
    let text = `${head.slice(0, -1)},"rows":[`;
    for (let at = 0; at < rows.length; at += PIECE_ROWS) {
      if (at > 0) {
        yield text;
        text = ",";
      }
      text += rows.slice(at, at + PIECE_ROWS).map(rowText).join(",");
    }
    yield `${text}],${tail.slice(1)}\n`;
  }
  return { begin: () => "", tick: (tick) => [...pieces(tick)].join(""), pieces, end: () => "" };
}
