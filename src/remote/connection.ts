/**
 * One run of ssh: its output, its standard error within bounds, and how it ended.
 *
 * @module
 */
import { errnoOf, KtopError, reasonOf } from "../errors.ts";
import { shownValue } from "../text/mod.ts";

/** How ssh, or the command that it ran, ended. */
export interface ConnectionEnd {
  /** The exit code; 255: ssh failed. */
  readonly code: number;
  /** The end of its standard error, bounded. Untrusted bytes of the host are in it. */
  readonly errors: string;
}

/** A connection to a host. */
export interface Connection {
  /** What the host sends. A chunk may be kept. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Resolves when ssh has ended. Never rejects. */
  readonly end: Promise<ConnectionEnd>;
  /** Sends a file, then closes the input of the remote command. */
  send(path: string): Promise<void>;
  /** Ends ssh. May be called twice. */
  close(): void;
}

/** Opens a connection that runs a command, without waiting for anything. Throws KtopError. */
export type Connect = (args: readonly string[]) => Connection;

/** Bytes of standard error that are kept, the last ones. */
const MAX_ERROR_BYTES = 4096;
/** How long the end waits for the rest of standard error: a shared connection (ControlPersist) keeps it open. Milliseconds. */
const ERRORS_WAIT_MS = 200;

/** Collects the last bytes of a stream. */
class Tail {
  #bytes = new Uint8Array();

  async read(stream: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of stream) this.#add(chunk);
    } catch {
      // ssh was ended.
    }
  }

  #add(chunk: Uint8Array): void {
    const last = chunk.subarray(-MAX_ERROR_BYTES);
    const kept = this.#bytes.subarray(-Math.max(1, MAX_ERROR_BYTES - last.length));
    const joined = new Uint8Array(kept.length + last.length);
    joined.set(kept);
    joined.set(last, kept.length);
    this.#bytes = joined;
  }

  get text(): string {
    return new TextDecoder().decode(this.#bytes);
  }
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch {
    // ssh was ended while its output was being read.
  }
}

class SshConnection implements Connection {
  readonly output: AsyncIterable<Uint8Array>;
  readonly end: Promise<ConnectionEnd>;
  readonly #process: Deno.ChildProcess;
  readonly #takesInput: boolean;
  #ended = false;

  constructor(process: Deno.ChildProcess, takesInput: boolean) {
    this.#process = process;
    this.#takesInput = takesInput;
    this.output = chunksOf(process.stdout);
    this.end = this.#finish();
  }

  async #finish(): Promise<ConnectionEnd> {
    const tail = new Tail();
    const errors = tail.read(this.#process.stderr);
    const { code } = await this.#process.status;
    this.#ended = true;
    let timer: number | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, ERRORS_WAIT_MS));
    await Promise.race([errors, late]);
    clearTimeout(timer);
    return { code, errors: tail.text };
  }

  async send(path: string): Promise<void> {
    if (!this.#takesInput) return;
    using file = await Deno.open(path);
    const writer = this.#process.stdin.getWriter();
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (let count; (count = await file.read(buffer)) !== null;) {
        await writer.write(buffer.slice(0, count));
      }
      await writer.close();
    } catch {
      // ssh has ended, and its exit code says why.
    }
  }

  close(): void {
    if (this.#ended) return;
    try {
      this.#process.kill("SIGTERM");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended
    }
  }
}

/**
 * Connections through ssh.
 *
 * @param words the command, without its arguments
 * @param env variables besides those of this process
 * @param takesInput whether {@linkcode Connection.send} is used
 */
export function connectBySsh(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  takesInput: boolean,
): Connect {
  const [command = "ssh", ...first] = words;
  return (args) => {
    try {
      const process = new Deno.Command(command, {
        args: [...first, ...args],
        env,
        stdin: takesInput ? "piped" : "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      return new SshConnection(process, takesInput);
    } catch (error) {
      const isMissing = error instanceof Deno.errors.NotFound || errnoOf(error) === "ENOENT";
      throw new KtopError(
        `${shownValue(command)} ${isMissing ? "is not found" : `cannot be started: ${reasonOf(error)}`}.`,
        { cause: error, remedy: isMissing ? "Install the OpenSSH client, or name another with --ssh." : "" },
      );
    }
  };
}
