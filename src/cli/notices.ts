/**
 * What several tools at once have to say on standard error: which of them cannot run, and what others run without.
 *
 * @module
 */
import type { Monitor } from "../monitor/mod.ts";

/** Says which tools are left out, and which run without something. Throws the first's reason when all are. */
export function tellLeftOut(monitor: Monitor): void {
  assertSome(monitor);
  for (const { tool, state } of monitor.model().tools) {
    if (state.kind === "unavailable") {
      console.error(`ktop: ${tool.name} is left out: ${state.reason} ${state.remedy}`.trimEnd());
    } else if (state.kind === "running") {
      for (const missing of state.missing) console.error(`ktop: ${tool.name} runs without ${missing}`);
    }
  }
}

/** Throws what the first tool failed with when none is left that runs. */
export function assertSome(monitor: Monitor): void {
  const failures = monitor.failures();
  if (failures.length === monitor.model().tools.length) throw failures[0];
}
/**
 * A word to the person who waits: a line on standard error while something takes long, gone when it is done.
 *
 * @module
 */
import { displayWidth } from "../text/mod.ts";

/** Time before anything is said, and between two changes of the line. Milliseconds. */
const STEP_MS = 1000;

/** Where the line goes; tests bring their own. */
export interface ProgressLine {
  readonly isTerminal: boolean;
  write(text: string): void;
}

const standardError: ProgressLine = {
  isTerminal: Deno.stderr.isTerminal(),
  write: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
};

/**
 * Waits for `work`. From the second second on a line says what is being done and for how long, where standard error is a
 * terminal; when the work is over the line is blank again. No escape sequence is used.
 */
export async function withProgress<T>(
  what: string,
  work: Promise<T>,
  line: ProgressLine = standardError,
): Promise<T> {
  if (!line.isTerminal) return await work;
  let seconds = 0;
  let shown = 0;
  const timer = setInterval(() => {
    const text = `ktop: ${what}, ${++seconds} s`;
    shown = displayWidth(text);
    line.write(`\r${text}`);
  }, STEP_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (shown > 0) line.write(`\r${" ".repeat(shown)}\r`);
  }
}
