/**
 * A recording of the past that a model keeps. Pure.
 *
 * @module
 */
import type { Lost, Model, Tick, ToolInfo, ToolModel, ToolState } from "../model/mod.ts";
import { flagsAt } from "../monitor/mod.ts";
import type { Piece } from "../output/mod.ts";
import { recordingHeader, recordingPieces } from "./writer.ts";

/** The losses of a past tick, with the rows that the history dropped. */
function lostFrom(lost: Lost, { view }: ToolInfo, droppedRows: number): Lost {
  return view === "events"
    ? { ...lost, events: lost.events + droppedRows }
    : { ...lost, keys: lost.keys + droppedRows };
}

/** The number of dropped rows without those of the rest. */
const beyondRest = (droppedRows: number, { rest }: Pick<Tick, "rest">): number =>
  droppedRows - (rest?.rows ?? 0);

/** A tick of the history, and how many rows it lacks; the newest with every row, unless some are hidden. */
function tickAt(
  { tool, tick, pastTicks, only }: ToolModel,
  index: number,
): Pick<ToolModel, "tick" | "droppedRows"> {
  const complete = index === pastTicks.length - 1 && only === undefined && tick !== null &&
    tick.time === pastTicks.timeAt(index);
  if (complete) return { tick, droppedRows: beyondRest(tick.droppedRows ?? 0, tick) };
  const past = pastTicks.at(index);
  if (past === null) return NO_TICK;
  const { lost } = past.tick;
  const droppedRows = beyondRest(past.droppedRows, past.tick);
  return { tick: { ...past.tick, lost: lostFrom(lost, tool, droppedRows) }, droppedRows };
}

const NO_TICK = { tick: null, droppedRows: 0 };

/** The state while a tool had ticks: it may have failed since. */
function stateThen({ state, pastTicks }: ToolModel): ToolState {
  const first = pastTicks.summaryAt(0);
  return first && state.kind !== "running" ? { kind: "running", tier: first.tick.tier, missing: [] } : state;
}

/** Returns a tool at each of a series of times, which must rise, without its history. */
function toolThen(tool: ToolModel): (time: number) => ToolModel {
  const { pastTicks } = tool;
  const state = stateThen(tool);
  let next = 0;
  return (time) => {
    let found: ReturnType<typeof tickAt> = NO_TICK;
    const first = next;
    while (next < pastTicks.length && pastTicks.timeAt(next)! <= time) next++;
    if (next > first) found = tickAt(tool, next - 1);
    const ended = found.tick === null && next === pastTicks.length;
    return { ...tool, ...flagsAt(tool, time), state: ended ? tool.state : state, ...found };
  };
}

/** The tools that a recording can hold, with those that are no longer shown: the probes' pane, which has no flags, is none. */
const recordable = ({ tools, removed = [] }: Model): ToolModel[] =>
  [...tools, ...removed].filter(({ flags }) => flags !== undefined);

/**
 * The recording of the ticks in the history of a model, in parts: the header, then one part a tick. A part is a series of
 * pieces, as {@linkcode recordingPieces} returns them; take all of a part before the next. Rows that the history dropped count as lost, and are counted as `dropped`.
 *
 * @param ktop Version of ktop.
 */
export function* pastRecording(model: Model, ktop: string): Generator<Iterable<Piece>> {
  const { tier, command: followed, ...filters } = model.restrictions ?? {};
  const tools = recordable(model);
  const start = model.snapshots[0] ?? model;
  const requests = tools.map(({ flags = {} }) => ({
    options: { filters: { ...filters, followed }, tier, flags },
  }));
  const header = { ...model, ...start, tools: tools.map((tool) => ({ ...tool, state: stateThen(tool) })) };
  yield [recordingHeader({ model: header, requests, ktop })];
  const then = tools.map(toolThen);
  let number = 0;
  for (const snapshot of model.snapshots) {
    const past = { ...model, ...snapshot, tools: then.map((at) => at(snapshot.time)) };
    yield recordingPieces(past, ++number);
  }
}
