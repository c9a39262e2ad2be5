/**
 * What commands print on standard error besides errors: progress of slow work, and tools that cannot run.
 *
 * @module
 */
import type { Monitor } from "../monitor/mod.ts";
import { displayWidth, messageText } from "../text/mod.ts";
import { printMessage, writeError } from "./standard_streams.ts";

/** Prints a message on standard error. */
export function warn(text: string): void {
  printMessage(messageText(text));
}

/** Delay of the first progress line, and between its updates, milliseconds. */
const STEP_MS = 1000;

/** Where the progress line is written; tests replace it. */
export interface ProgressLine {
  readonly isTerminal: boolean;
  write(text: string): void;
}

const standardError: ProgressLine = {
  isTerminal: Deno.stderr.isTerminal(),
  write: writeError,
};

/**
 * Waits for `work`. After a second, a line on standard error shows what is being done and for how long; it is blanked at
 * the end. Nothing is written if that is not a terminal, and no escape sequence is used.
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

/**
 * Reports tools that cannot run, in one line, and hooks that others run without. Throws if no tool can run.
 *
 * @param asked True if the user named the tools: then each reason is printed too.
 */
export function warnLeftOut(monitor: Monitor, asked: boolean): void {
  assertSomeRun(monitor);
  const { tools, replacements = [] } = monitor.model();
  for (const { tool, by } of replacements) {
    warn(`${tool} cannot run here: ${by} replaces it. ktop doctor shows why.`);
  }
  const left = tools.filter(({ state }) => state.kind === "unavailable").map(({ tool }) => tool.name);
  if (left.length > 0 && !asked) {
    warn(`${left.join(", ")}: left out, because it cannot run here. ktop doctor shows why.`);
  }
  for (const { tool, state } of tools) {
    if (state.kind === "unavailable" && asked) {
      warn(`${tool.name} is left out: ${state.reason} ${state.remedy}`.trimEnd());
    } else if (state.kind === "running") {
      for (const missing of state.missing) warn(`${tool.name} runs without ${missing}`);
    }
  }
}

/** Throws the error of the first tool if no tool can run. */
export function assertSomeRun(monitor: Monitor): void {
  const failures = monitor.failures();
  if (failures.length === monitor.model().tools.length) throw failures[0];
}
