/**
 * The state of one connection to a host.
 *
 * @module
 */
import type { RecordingReader } from "../recording/mod.ts";
import type { Connection } from "./connection.ts";
import type { Failure, Prompts } from "./failure.ts";

/** One connection, and what has arrived through it. */
export interface Attempt {
  readonly connection: Connection;
  readonly prompts: Prompts;
  /** Ends it, with the reason. */
  readonly abort: (failure: Failure) => void;
  readonly aborted: Promise<Failure>;
  isAborted: boolean;
  isSending: boolean;
  firstLineTimer: number | undefined;
  reader: RecordingReader | null;
  /** The first bytes of the recording. */
  start: Uint8Array;
  /** Bytes that arrived after the last tick. */
  bytesSinceTick: number;
}

/** A connection from which nothing has arrived. */
export function newAttempt(connection: Connection, prompts: Prompts): Attempt {
  const { promise, resolve } = Promise.withResolvers<Failure>();
  const attempt: Attempt = {
    connection,
    prompts,
    aborted: promise,
    abort: (failure) => {
      attempt.isAborted = true;
      resolve(failure);
      connection.close();
    },
    isAborted: false,
    isSending: false,
    firstLineTimer: undefined,
    reader: null,
    start: new Uint8Array(),
    bytesSinceTick: 0,
  };
  return attempt;
}
