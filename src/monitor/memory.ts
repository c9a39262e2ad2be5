/**
 * The limit of memory (`--max-memory`) and how the tools share it.
 *
 * @module
 */
import type { BpfObject } from "../bpf/mod.ts";
import type { QueueLimits } from "../tools/mod.ts";
import { HISTORY_LIMITS, type HistoryBytes } from "./history/limits.ts";

const MIB = 1024 * 1024;

/** What `--max-memory` may be and is by default, MiB. */
export const MAX_MEMORY = { min: 16, max: 65_536, default: 128 } as const;

/** Limits of one tool. */
export interface ToolLimits {
  readonly history: HistoryBytes;
  readonly queue: QueueLimits;
  /** How large its ring buffer may be made, bytes; 0: as it is declared. */
  readonly ringBytes: number;
}

/** What a monitor keeps, and how it ends. */
export interface MonitorLimits {
  /** All kept data and queues, MiB. */
  readonly maxMemory: number;
  /** Of the events of an interval only those that a screen shows are kept. */
  readonly shownEventsOnly?: boolean;
  /** The processes in rows are described while they run, for the details of those that have ended. */
  readonly keepProcesses?: boolean;
  /** Events are decoded as they are written, so that their rows take no memory. */
  readonly streamed?: boolean;
  /** The process ends after the monitor is closed, and does not wait until the kernel has detached the programs. */
  readonly closedAtExit?: boolean;
  /** Whether pressure, network and disks are measured, asked at every tick; absent: never. */
  readonly measuresMachine?: () => boolean;
}

/** The name of the ring buffer in every object of a tool with events. */
const RING = "events";
/** Output that every event goes to has rings this many times as large as declared: on a busy machine they are read late. */
const RING_GROWTH = 4;

/** Makes the ring buffer of an object as large as the limits allow. */
export function growRing(object: BpfObject, { ringBytes }: Pick<ToolLimits, "ringBytes">): void {
  object.growRing(RING, RING_GROWTH, ringBytes);
}

/** Records that wait for a screen, bytes: more would take too long to decode while a key waits. */
const SHOWN_BYTES = 4 * MIB;

/** Limits of one tool of a replay. */
export interface ReplayLimits {
  readonly history: HistoryBytes;
  /** Of the rows of the shown tick, estimated, and as many again of the tick that is read ahead. */
  readonly tickBytes: number;
}

/** What the ticks and events of a tool's history may take of its share, bytes: at least one tick. */
function historyLimits(share: number): HistoryBytes {
  const part = Math.max(HISTORY_LIMITS.bytesPerTick, share / 8);
  return {
    ticks: Math.min(HISTORY_LIMITS.bytes, part),
    events: Math.min(HISTORY_LIMITS.eventBytes, part),
  };
}

/** The limits of each of `tools` tools of a replay. */
export function replayLimitsOf(maxMemory: number, tools: number): ReplayLimits {
  const share = maxMemory * MIB / Math.max(1, tools);
  const history = historyLimits(share);
  return { history, tickBytes: (share - history.ticks - history.events) / 4 };
}

/** The limits of each of `tools` tools, which have equal shares: a flood in one takes nothing from another. */
export function limitsOf(
  { maxMemory, shownEventsOnly = false, streamed = false }: MonitorLimits,
  tools: number,
): ToolLimits {
  const share = maxMemory * MIB / Math.max(1, tools);
  const history = historyLimits(share);
  const ringBytes = shownEventsOnly ? 0 : share / 8;
  // The rest is for the text that is made of the rows, for the rows of the tick before, and for garbage that V8 has not
  // collected yet.
  const queued = (share - history.ticks - history.events - ringBytes) / (streamed ? 3 : 4);
  return {
    history,
    ringBytes,
    queue: shownEventsOnly
      ? { bytes: Math.min(queued, SHOWN_BYTES), newest: HISTORY_LIMITS.events }
      : { bytes: queued },
  };
}
