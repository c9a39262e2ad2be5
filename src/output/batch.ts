/**
 * The whole screen as plain text, for batch mode: all panes one below the other, without escape sequences.
 *
 * @module
 */
import {
  formatValue,
  type Grouping,
  groupTick,
  type Model,
  restCount,
  textColumns,
  type Tick,
  type ToolModel,
} from "../model/mod.ts";
import { humanBytes, humanDuration, zonedTime } from "../text/mod.ts";
import { histogramLines } from "./histogram.ts";
import { headerLine, lossLines, restLines, rowLine } from "./text.ts";

function header({ host, self, intervalS, time }: Model): string {
  const cpu = self.cpuMsPerS === null ? "-" : `${self.cpuMsPerS.toFixed(1)}ms/s`;
  return `ktop ${zonedTime(time)} host ${host.host} kernel ${host.kernel} up ${
    humanDuration(host.uptimeS)
  } ` +
    `load ${
      host.load.map((load) => load.toFixed(2)).join(" ")
    } tasks ${host.tasks.running}/${host.tasks.total} ` +
    `every ${intervalS}s self ${cpu} ${humanBytes(self.rssBytes)}`;
}

function rows(tick: Tick, { tool, flags }: ToolModel): string[] {
  const columns = textColumns(tool, false);
  if (tool.view === "counters") {
    return columns.map((column) => {
      const value = formatValue(column, tick.rows[0]?.[column.key] ?? null, tick.intervalS);
      return `${column.title.padEnd(12)} ${value.padStart(12)}`;
    });
  }
  if (tool.view === "histogram") return [];
  const shown = tick.rows.slice(0, flags?.rows as number | undefined ?? tool.textRows);
  const rest = tick.rows.slice(shown.length).filter((row) => restCount(row) > 0);
  return [headerLine(columns), ...[...shown, ...rest].map((row) => rowLine(columns, row, tick.intervalS))];
}

function pane(model: ToolModel, title: string): string[] {
  const { state, tick } = model;
  if (state.kind === "unavailable") {
    return [`${title}: unavailable. ${state.reason} ${state.remedy}`.trimEnd()];
  }
  if (state.kind === "attaching" || tick === null) return [`${title}: attaching`];
  const missing = state.missing.map((what) => `missing: ${what}`);
  const histograms = (tick.histograms ?? []).flatMap(histogramLines);
  return [
    `${title} (tier ${state.tier})`,
    ...missing,
    ...rows(tick, model),
    ...histograms,
    ...restLines(tick),
    ...lossLines(tick),
  ];
}

/** A pane; with `grouping`, its groups are the rows. */
function groupedPane(model: ToolModel, grouping: Grouping | undefined): string[] {
  const title = `== ${model.tool.name}`;
  if (!grouping) return pane(model, title);
  const groups = { ...model, tool: grouping.tool, tick: model.tick && groupTick(model.tick, grouping) };
  return pane(groups, `${title} by ${grouping.by.title}`);
}

/**
 * One refresh of all panes.
 *
 * @param groupings How rows are grouped, by name of tool; the others are not.
 */
export function batchText(model: Model, groupings: ReadonlyMap<string, Grouping> = new Map()): string {
  const panes = model.tools.flatMap((tool) => ["", ...groupedPane(tool, groupings.get(tool.tool.name))]);
  return [header(model), ...panes, "", ""].join("\n");
}
