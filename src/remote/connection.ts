/**
 * One run of ssh: its output, its standard error within bounds, and how it ended.
 *
 * @module
 */
import { errnoOf, KtopError, reasonOf } from "../errors.ts";
import { joinBytes } from "../recording/mod.ts";
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
  /**
   * Sends a file, then closes the input of the remote command. Rejects with KtopError if the file cannot be read; that ssh has
   * ended is no error here.
   *
   * @param onProgress called after each chunk that ssh has taken
   */
  send(path: string, onProgress: () => void): Promise<void>;
  /** Discards the standard error that has arrived: what follows explains the end. */
  discardErrors(): void;
  /** Closes the pipes and ends ssh, by SIGKILL if it ignores SIGTERM. May be called twice. */
  close(): void;
}

/** Opens a connection that runs a command, without waiting for anything. Throws KtopError. */
export type Connect = (args: readonly string[]) => Connection;

/** Bytes of standard error that are kept, the last ones. */
const MAX_ERROR_BYTES = 4096;
/** How long the end waits for the rest of standard error: a shared connection (ControlPersist) keeps it open. Milliseconds. */
const ERRORS_WAIT_MS = 200;
/** How long ssh may take to end after SIGTERM, milliseconds. */
const TERM_WAIT_MS = 2000;
/** Bytes of a file that are sent at a time. */
const SEND_BYTES = 64 * 1024;

/** The last bytes of a stream. */
class Tail {
  #bytes = new Uint8Array();

  async read(stream: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of stream) {
      this.#bytes = joinBytes([this.#bytes, chunk.subarray(-MAX_ERROR_BYTES)]).slice(-MAX_ERROR_BYTES);
    }
  }

  clear(): void {
    this.#bytes = new Uint8Array();
  }

  get text(): string {
    return new TextDecoder().decode(this.#bytes);
  }
}

/** A pipe from ssh. Its chunks end when it is closed here or there. */
class Pipe implements AsyncIterable<Uint8Array> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (true) {
      const { value } = await this.#reader.read().catch(() => ({ value: undefined }));
      if (value === undefined) return;
      yield value;
    }
  }

  /** Ends a read in flight, also while another process holds the other end. */
  close(): void {
    this.#reader.cancel().catch(() => {});
  }
}

/** Sends a signal to ssh. It may have ended, or may run as another user (`--ssh 'sudo -u …'`): then the closed pipes end it. */
function signal(process: Deno.ChildProcess, name: Deno.Signal): void {
  try {
    process.kill(name);
  } catch (error) {
    const isExpected = error instanceof TypeError || error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.PermissionDenied;
    if (!isExpected) throw error;
  }
}

class SshConnection implements Connection {
  readonly output: AsyncIterable<Uint8Array>;
  readonly end: Promise<ConnectionEnd>;
  readonly #process: Deno.ChildProcess;
  readonly #pipes: { readonly output: Pipe; readonly errors: Pipe };
  readonly #input: WritableStreamDefaultWriter<Uint8Array> | null;
  readonly #errors = new Tail();
  #isClosed = false;
  #hasEnded = false;

  constructor(process: Deno.ChildProcess, takesInput: boolean) {
    this.#process = process;
    this.#pipes = { output: new Pipe(process.stdout), errors: new Pipe(process.stderr) };
    this.#input = takesInput ? process.stdin.getWriter() : null;
    this.output = this.#pipes.output;
    this.end = this.#finish();
  }

  async #finish(): Promise<ConnectionEnd> {
    const errors = this.#errors.read(this.#pipes.errors);
    const { code } = await this.#process.status;
    this.#hasEnded = true;
    let timer: number | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, ERRORS_WAIT_MS));
    await Promise.race([errors, late]);
    clearTimeout(timer);
    return { code, errors: this.#errors.text };
  }

  async send(path: string, onProgress: () => void): Promise<void> {
    const input = this.#input;
    if (input === null) return;
    const buffer = new Uint8Array(SEND_BYTES);
    try {
      using file = await Deno.open(path);
      for (let count; (count = await file.read(buffer)) !== null;) {
        const isTaken = await input.write(buffer.slice(0, count)).then(() => true, () => false);
        if (!isTaken) return; // ssh has ended, and its exit code says why
        onProgress();
      }
    } catch (error) {
      throw new KtopError(`${shownValue(path)} cannot be read: ${reasonOf(error)}.`, { cause: error });
    } finally {
      this.#closeInput();
    }
  }

  discardErrors(): void {
    this.#errors.clear();
  }

  #closeInput(): void {
    this.#input?.close().catch(() => {});
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pipes.output.close();
    this.#input?.abort().catch(() => {});
    if (this.#hasEnded) return;
    signal(this.#process, "SIGTERM");
    const timer = setTimeout(() => {
      if (!this.#hasEnded) signal(this.#process, "SIGKILL");
      this.#pipes.errors.close();
    }, TERM_WAIT_MS);
    Deno.unrefTimer(timer);
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
