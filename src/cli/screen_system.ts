/**
 * The process as the screen sees it: standard output, and the signals that end it.
 *
 * @module
 */
import { guardTerminal, terminalWriter, writeNow } from "../ffi/mod.ts";
import type { ScreenSystem } from "../tui/mod.ts";
import { EndSignals } from "./end_signals.ts";
import { STDOUT } from "./standard_streams.ts";

/** How long one write of the terminal's modes waits for room, milliseconds. */
const PATIENCE_MS = 5;

/** This process. Its signals are handled from now on. */
export function screenSystem(): ScreenSystem {
  const ended = Promise.withResolvers<void>();
  new EndSignals(ended.resolve, ["SIGQUIT"]);
  return {
    write: terminalWriter(STDOUT),
    writeSync: (bytes) => writeNow(STDOUT, bytes, PATIENCE_MS),
    guard: guardTerminal,
    onEndSignal: (listener) => void ended.promise.then(listener),
  };
}
