/**
 * The process and the thread that a run is restricted to, which may end while it runs.
 *
 * @module
 */
import type { IdFilter } from "../model/mod.ts";
import { endTest } from "../tools/mod.ts";
import { warn } from "./notices.ts";

/** Ids of the host; undefined: no restriction. The end of an excluded process is not reported. */
export interface Targets {
  readonly process: IdFilter | undefined;
  readonly thread?: number | undefined;
}

/**
 * Makes a check to call after each interval: it reports once when a target has ended. The run continues, so that `--count` and
 * `--duration` hold. Make it before the tools attach: a target may end while they do.
 */
export function endedTargetReporter(targets: Targets, report: (text: string) => void = warn): () => void {
  let waiting = (["process", "thread"] as const).flatMap((kind) => {
    const id = targets[kind];
    return typeof id !== "number" ? [] : [{ text: `${kind} ${id} has ended`, hasEnded: endTest(kind, id) }];
  });
  return () => {
    waiting = waiting.filter(({ text, hasEnded }) => {
      if (!hasEnded()) return true;
      report(text);
      return false;
    });
  };
}
