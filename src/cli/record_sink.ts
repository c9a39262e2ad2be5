/**
 * Where `ktop record` writes: a file, standard output, or the segments of a directory.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";
import { errnoOf, KtopError, UsageError } from "../errors.ts";
import { FileLock } from "../ffi/mod.ts";
import type { Model } from "../model/mod.ts";
import type { ToolRequest } from "../monitor/mod.ts";
import { createFailure, type StandardOutput } from "../output/mod.ts";
import {
  checkRecordingPath,
  createRecording,
  DirectoryRecorder,
  directoryStore,
  recordingHeader,
  recordingPieces,
  tickSummary,
} from "../recording/mod.ts";
import { shownValue } from "../text/mod.ts";
import { VERSION } from "./version.ts";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** Limits of a directory, unless given. */
export const DIRECTORY_DEFAULTS = { keep: "7d", maxSize: "2G", rows: 100 } as const;

/** Most rows of `--rows`: a line of a recording has no more. */
const MOST_ROWS = 100_000;

const DEFAULT_LIMITS = { keepMs: 7 * 86_400_000, maxBytes: 2 * GIB } as const;

const AGE_UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const SIZE_UNITS: Readonly<Record<string, number>> = { M: MIB, G: GIB, T: 1024 * GIB };
/** A tick of many tools has to fit. */
const MIN_BYTES = 16 * MIB;

/** Parses `--keep` to milliseconds. Throws InvalidArgumentError. */
export function parseKeep(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const ms = Number(count) * (AGE_UNITS[unit ?? ""] ?? NaN);
  if (!(ms > 0)) throw new InvalidArgumentError("Expected minutes, hours, days or weeks: 90m, 12h, 7d, 4w.");
  return ms;
}

/** Parses `--max-size` to bytes. Throws InvalidArgumentError. */
export function parseMaxSize(text: string): number {
  const [, count, unit] = /^(\d{1,6})([MGT])$/.exec(text) ?? [];
  const bytes = Number(count) * (SIZE_UNITS[unit ?? ""] ?? NaN);
  if (!(bytes >= MIN_BYTES)) throw new InvalidArgumentError("Expected at least 16M: 500M, 2G, 1T.");
  return bytes;
}

/** Parses `--rows`; Infinity: all. Throws InvalidArgumentError. */
export function parseRows(text: string): number {
  if (text === "all") return Infinity;
  const rows = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (rows >= 1 && rows <= MOST_ROWS) return rows;
  throw new InvalidArgumentError(`Expected a number from 1 to ${MOST_ROWS}, or all.`);
}

/** The rows of a tool that are kept in each interval: all in a file, unless given. */
export const rowLimit = (path: string, rows: number | undefined): number =>
  rows ?? (path.endsWith("/") ? DIRECTORY_DEFAULTS.rows : Infinity);

/** Options of the destination. */
export interface SinkOptions {
  readonly force?: boolean;
  /** Milliseconds. */
  readonly keep?: number;
  /** Bytes. */
  readonly maxSize?: number;
}

/** An open destination. */
export interface TickSink {
  /** Bytes written; of a directory: what it takes. */
  readonly bytes: number;
  /** Writes a tick, which survives a crash once it resolves. Throws KtopError; what was written before remains readable. */
  write(model: Model): Promise<void>;
  /** Completes it. May be called twice. */
  close(): Promise<void>;
}

/** A destination that was checked, before anything is attached. */
export interface Destination extends Disposable {
  /** Directories in which files are created while it is recorded. */
  readonly directories: readonly string[];
  /** Opens it once the tools are attached. */
  open(start: { model: Model; requests: readonly ToolRequest[]; output: StandardOutput }): Promise<TickSink>;
}

/** Checks a path: with a slash at its end it is a directory. Throws UsageError or KtopError. */
export async function destination(path: string, options: SinkOptions): Promise<Destination> {
  return path.endsWith("/") ? await directoryDestination(path, options) : fileDestination(path, options);
}

function fileDestination(path: string, options: SinkOptions): Destination {
  const unused = options.keep !== undefined ? "--keep" : options.maxSize !== undefined ? "--max-size" : null;
  if (unused !== null) {
    throw new UsageError(`${unused} needs a directory.`, {
      remedy: `Its name ends in a slash: ktop record ${path === "-" ? "DIR" : shownValue(path)}/`,
    });
  }
  const force = options.force ?? false;
  if (isDirectory(path)) {
    throw new KtopError(`${shownValue(path)} is not a regular file.`, {
      remedy: `To record into the directory, put a slash at its end: ktop record ${shownValue(path)}/`,
    });
  }
  checkRecordingPath(path, force);
  return {
    directories: [],
    async open({ model, requests, output }) {
      const file = await createRecording(path, { force, output });
      let ticks = 0;
      await file.write([recordingHeader({ model, requests, ktop: VERSION })]);
      return {
        get bytes() {
          return file.bytes;
        },
        write: (model) => file.write(recordingPieces(model, ++ticks)),
        close: () => file.close(),
      };
    },
    [Symbol.dispose]() {},
  };
}

async function directoryDestination(path: string, options: SinkOptions): Promise<Destination> {
  if (options.force) throw new UsageError("--force has no effect on a directory, which gets new segments.");
  makeDirectory(path);
  const lock = lockDirectory(path);
  try {
    const recorder = await DirectoryRecorder.open(directoryStore(path), {
      keepMs: options.keep ?? DEFAULT_LIMITS.keepMs,
      maxBytes: options.maxSize ?? DEFAULT_LIMITS.maxBytes,
    }, Date.now());
    return {
      directories: [path],
      open: ({ requests }) =>
        Promise.resolve({
          get bytes() {
            return recorder.bytes;
          },
          write: (model) =>
            recorder.write(
              tickSummary(model),
              () => recordingHeader({ model, requests, ktop: VERSION }),
              (number) => recordingPieces(model, number),
            ),
          close: () => recorder.close(),
        }),
      [Symbol.dispose]: () => lock[Symbol.dispose](),
    };
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // creating it reports the reason
  }
}

/** Makes the directory, unless it exists, with mode 0700: recordings hold names from the whole machine. */
function makeDirectory(path: string): void {
  if (isDirectory(path)) return;
  try {
    Deno.mkdirSync(path.replace(/\/+$/, "") || "/", { mode: 0o700 });
  } catch (error) {
    throw createFailure(path, error);
  }
}

/** Locks the directory for this process, through a file in it. Throws KtopError if another process has locked it. */
function lockDirectory(path: string): FileLock {
  const file = `${path}lock`;
  try {
    Deno.openSync(file, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw createFailure(file, error);
  }
  const lock = FileLock.take(file);
  if (lock === null) {
    throw new KtopError(`Another ktop is recording into ${shownValue(path)}.`, {
      remedy: "Stop it, or record into another directory.",
    });
  }
  return lock;
}
