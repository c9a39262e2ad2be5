/**
 * One JSON object per tool and tick, the schema of version 1:
 * `{"v":1,"tool":…,"time":ISO 8601,"interval_s":…,"tier":…,"rows":[…],"lost":{"events":…,"keys":…}}`, and
 * `"histograms":[{"label":…,"unit":…,"slots":[…]}]` where a tool has them (slot i counts values in [2^i, 2^(i+1))),
 * and with `"sum":…` in that unit where the tool was asked for it.
 *
 * @module
 */
import type { Row, Tick } from "../tools/tool.ts";
import { type Format, type FormatOptions, selectRows } from "./format.ts";

/** Version of the schema. */
const SCHEMA = 1;

/** Counts of the interval, exact; unknown values are null; a tick without rows is a line with an empty list. */
export function ndjsonFormat(options: FormatOptions): Format {
  const pick = (row: Row): Row =>
    Object.fromEntries(options.columns.map(({ key }) => [key, row[key] ?? null]));
  return {
    begin: () => "",
    tick: (tick: Tick) =>
      JSON.stringify({
        v: SCHEMA,
        tool: tick.tool,
        time: new Date(tick.time).toISOString(),
        interval_s: Number(tick.intervalS.toFixed(6)),
        tier: tick.tier,
        rows: selectRows(tick, options).map(pick),
        ...(tick.histograms ? { histograms: tick.histograms } : {}),
        lost: tick.lost,
      }) + "\n",
    end: () => "",
  };
}
