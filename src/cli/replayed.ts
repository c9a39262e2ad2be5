/**
 * The recording that `ktop replay` shows: a file, a directory, standard input, or the demo.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import {
  bytesSource,
  DirectoryReader,
  directoryStore,
  fileSource,
  type Recording,
  RecordingReader,
  stdinSource,
} from "../recording/mod.ts";
import type { Tool } from "../tools/mod.ts";
import type { ReplayTimesOptions } from "./replay_times.ts";

/** A recording that was found and of which nothing was parsed yet. */
export interface FoundRecording {
  /** Paths that are opened again while it is read. */
  readonly paths: readonly string[];
  /** See {@linkcode ReplayTimesOptions.day}. */
  readonly day: ReplayTimesOptions["day"];
  open(tools: readonly Tool[]): Promise<Recording>;
}

/** Finds the recording. Throws KtopError if it cannot be opened. */
export async function findRecording(
  path: string | undefined,
  options: { readonly demo?: boolean },
): Promise<FoundRecording> {
  if (options.demo) {
    // Made by scripts/demo.
    const bytes = Deno.readFileSync(new URL("../../src/cli/demo/recording.gz", import.meta.url));
    return {
      paths: [],
      day: "first",
      open: (tools) => RecordingReader.open(bytesSource("The demo", bytes), tools),
    };
  }
  if (path === undefined || path === "") {
    throw new UsageError("replay needs a FILE.", {
      remedy: "ktop replay --demo shows the built-in recording.",
    });
  }
  if (path === "-") {
    return {
      paths: [],
      day: "first",
      open: (tools) => RecordingReader.open(stdinSource(), tools),
    };
  }
  if (await isDirectory(path)) {
    const store = directoryStore(path);
    return {
      paths: [path, ...(await store.list()).slice(-1).map(({ name }) => `${path}/${name}`)],
      day: "last",
      open: (tools) => DirectoryReader.open(store, tools),
    };
  }
  const source = await fileSource(path);
  return { paths: [path], day: "first", open: (tools) => RecordingReader.open(source, tools) };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false; // opening it reports the reason
  }
}
