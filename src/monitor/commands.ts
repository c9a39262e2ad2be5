/**
 * The commands of a screen that the live monitor supports, and the method that each starts.
 *
 * @module
 */
import type { FlagValue, MonitorCapabilities, MonitorCommand, RowSelection } from "../model/mod.ts";

/** The monitor's methods that commands start. */
export interface CommandTarget {
  clear(): void;
  setInterval(seconds: number): void;
  toggleAllTypes(): void;
  setFlags(tool: string, flags: Readonly<Record<string, FlagValue>>): unknown;
  toggleCost(): void;
  setTools(names: readonly string[], spares?: readonly string[]): unknown;
  listTools(): unknown;
  selectRows(selections: readonly RowSelection[]): void;
  setPivot(id: number | null): unknown;
  watch(id: number | null, cgroupId?: number): void;
}

type Kind = MonitorCommand["kind"];
type Start<K extends Kind> = (on: CommandTarget, command: Extract<MonitorCommand, { kind: K }>) => unknown;

const COMMANDS: { readonly [K in Kind]?: Start<K> } = {
  clear: (on) => on.clear(),
  setInterval: (on, { seconds }) => on.setInterval(seconds),
  toggleAllTypes: (on) => on.toggleAllTypes(),
  setFlags: (on, { tool, flags }) => on.setFlags(tool, flags),
  toggleCost: (on) => on.toggleCost(),
  setTools: (on, { names, spares }) => on.setTools(names, spares),
  listTools: (on) => on.listTools(),
  selectRows: (on, { selections }) => on.selectRows(selections),
  setPivot: (on, { id }) => on.setPivot(id),
  watchProcess: (on, { id, cgroupId }) => on.watch(id, cgroupId),
};

/** Commands that need tools to choose from. */
const NEED_OFFERS: ReadonlySet<string> = new Set<Kind>(["setTools", "listTools"]);

/** The commands that are supported, with or without offered tools. */
export function liveCapabilities(hasOffers: boolean): MonitorCapabilities {
  return new Set((Object.keys(COMMANDS) as Kind[]).filter((kind) => hasOffers || !NEED_OFFERS.has(kind)));
}

/** Starts a command without waiting for it to finish; ignores those that are not supported. */
export function dispatch(on: CommandTarget, command: MonitorCommand): void {
  const start = COMMANDS[command.kind] as Start<Kind> | undefined;
  void start?.(on, command);
}
