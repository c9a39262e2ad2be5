/**
 * What keys ask of the monitor.
 *
 * @module
 */
import type { MonitorHandle } from "./monitor_handle.ts";
import type { Action } from "./state/mod.ts";

/** Actions that the monitor carries out; the others are the screen's own. */
export type MonitorAction = Extract<
  Action,
  {
    kind:
      | "clear"
      | "toggleAll"
      | "setTools"
      | "listTools"
      | "setPivot"
      | "watch"
      | "toggleCost"
      | "setInterval"
      | "replay";
  }
>;

/** Passes an action on to the monitor where it is one of the monitor's, and says whether it was. */
export function askMonitor(monitor: MonitorHandle, action: Action): action is MonitorAction {
  switch (action.kind) {
    case "clear":
      monitor.clear();
      return true;
    case "toggleAll":
      monitor.toggleAll?.();
      return true;
    case "setTools":
      monitor.setTools?.(action.names);
      return true;
    case "listTools":
      monitor.listTools?.();
      return true;
    case "setPivot":
      monitor.setPivot?.(action.id);
      return true;
    case "watch":
      monitor.watch?.(action.id);
      return true;
    case "toggleCost":
      monitor.toggleCost?.();
      return true;
    case "setInterval":
      monitor.setInterval?.(action.seconds);
      return true;
    case "replay":
      monitor.replay?.(action.command);
      return true;
    default:
      return false;
  }
}
