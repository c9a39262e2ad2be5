/**
 * Runs programs on a machine through its agent (`guest/agent.c`), at the other end of a channel. Cases use only this: for them
 * a guest in QEMU and this machine are the same.
 *
 * @module
 */
import { encodeFrame, type Frame, FrameDecoder, FrameType } from "./frame.ts";

/** Thrown when the machine is gone or does not answer: all later cases fail with this message. */
export class MachineError extends Error {
  override name = "MachineError";
}

/** Thrown when a wait takes too long. */
export class TimeoutError extends Error {
  override name = "TimeoutError";
}

/** How long the agent may take to answer, and a killed program to end, milliseconds: a guest on a busy host is slow. */
const ANSWER_MS = 120_000;

/** Bytes from and to the agent. */
export interface Channel {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** A program on the machine. */
export interface Program {
  readonly pid: number;
  /** Its standard output so far. */
  readonly output: string;
  /** Its standard error so far. */
  readonly errors: string;
  /** Exit status (128 + signal when killed), or null while it runs. */
  readonly status: number | null;
  /** Sends a signal by number; has no effect when the program has ended. */
  kill(signal: number): void;
  /**
   * Waits until `look` returns anything but null, and returns that. Calls `look` again when the program prints or ends. Throws
   * {@linkcode TimeoutError}, which names `what`, after `limitMs` milliseconds.
   */
  until<T>(look: (program: Program) => T | null, what: string, limitMs: number): Promise<T>;
  /** Waits for its exit status. */
  end(limitMs: number): Promise<number>;
}

/** Signal numbers of x86-64 and arm64. */
export const Signal = { INT: 2, KILL: 9, USR1: 10, TERM: 15, CONT: 18, STOP: 19 } as const;

class RemoteProgram implements Program {
  pid = 0;
  output = "";
  errors = "";
  status: number | null = null;
  readonly decoders = { O: new TextDecoder(), E: new TextDecoder() };
  readonly waiters = new Set<() => void>();
  readonly #kill: (signal: number) => void;

  constructor(kill: (signal: number) => void) {
    this.#kill = kill;
  }

  kill(signal: number): void {
    if (this.status === null) this.#kill(signal);
  }

  until<T>(look: (program: Program) => T | null, what: string, limitMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => settle(() => reject(new TimeoutError(`no ${what} within ${limitMs / 1000} s`))),
        limitMs,
      );
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.waiters.delete(check);
        act();
      };
      const check = () => {
        const found = look(this);
        if (found !== null) settle(() => resolve(found));
      };
      this.waiters.add(check);
      check();
    });
  }

  end(limitMs: number): Promise<number> {
    return this.until((program) => program.status, "end of the program", limitMs);
  }

  /** Handles a frame about this program. */
  accept(frame: Frame): void {
    const number = () => new DataView(frame.data.buffer, frame.data.byteOffset).getUint32(0, true);
    if (frame.type === FrameType.pid) this.pid = number();
    if (frame.type === FrameType.output) this.output += this.decoders.O.decode(frame.data, { stream: true });
    if (frame.type === FrameType.errors) this.errors += this.decoders.E.decode(frame.data, { stream: true });
    if (frame.type === FrameType.exit) this.status = number();
    for (const check of [...this.waiters]) check();
  }
}

/** A machine with a running agent. */
export class Machine {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #programs = new Map<number, RemoteProgram>();
  readonly #hello = Promise.withResolvers<void>();
  #failure: MachineError | null = null;
  #nextId = 1;

  constructor(channel: Channel) {
    this.#writer = channel.writable.getWriter();
    this.#hello.promise.catch(() => {});
    this.#read(channel.readable).then(
      () => this.fail("the agent closed its channel"),
      (error: Error) => this.fail(`the channel carried garbage: ${error.message}`),
    );
  }

  /** Why the machine is unusable; null while it is usable. */
  get failure(): MachineError | null {
    return this.#failure;
  }

  /** Waits for the agent's first frame. */
  async hello(limitMs: number): Promise<void> {
    const timer = setTimeout(() => this.fail(`no frame from the agent within ${limitMs / 1000} s`), limitMs);
    await this.#hello.promise.finally(() => clearTimeout(timer));
  }

  /** Starts a program. Throws {@linkcode MachineError} when the machine does not answer within {@linkcode ANSWER_MS}. */
  async start(argv: readonly string[]): Promise<Program> {
    if (this.#failure) throw this.#failure;
    const id = this.#nextId++;
    const program = new RemoteProgram((signal) => {
      this.#send({ type: FrameType.kill, id, data: new Uint8Array(Uint32Array.of(signal).buffer) });
    });
    this.#programs.set(id, program);
    this.#send({
      type: FrameType.start,
      id,
      data: new TextEncoder().encode(argv.map((word) => `${word}\0`).join("")),
    });
    await program.until(({ pid }) => pid || this.#failure ? true : null, "answer from the agent", ANSWER_MS)
      .catch((error: Error) => this.fail(error.message));
    if (this.#failure) throw this.#failure;
    return program;
  }

  /** Runs a shell command and returns its standard output. Throws when it fails. */
  async shell(command: string, limitMs = 600_000): Promise<string> {
    const program = await this.start(["sh", "-c", command]);
    const status = await program.end(limitMs).catch((error) => {
      throw this.fail(`${error.message} (sh -c ${JSON.stringify(command)})`);
    });
    if (this.#failure) throw this.#failure;
    if (status !== 0) throw new Error(`${command}: status ${status}: ${program.errors.trim()}`);
    return program.output;
  }

  /** Kills all programs, waits until they have ended, and returns their process ids. */
  async killAll(): Promise<number[]> {
    const programs = [...this.#programs.values()];
    for (const program of programs) {
      program.kill(Signal.KILL);
      await program.end(ANSWER_MS).catch(() => {
        throw this.fail("a killed program does not end");
      });
    }
    this.#programs.clear();
    return programs.map(({ pid }) => pid);
  }

  /** Ends the agent. */
  async close(): Promise<void> {
    if (!this.#failure) this.#send({ type: FrameType.bye, id: 0, data: new Uint8Array() });
    await this.#writer.close().catch(() => {});
  }

  /** Marks the machine as unusable and ends all waits; returns the error to throw. */
  fail(why: string): MachineError {
    if (!this.#failure) {
      const failure = this.#failure = new MachineError(why);
      this.#hello.reject(failure);
      for (const program of this.#programs.values()) {
        program.status ??= 255;
        for (const check of [...program.waiters]) check();
      }
    }
    return this.#failure;
  }

  #send(frame: Frame): void {
    this.#writer.write(encodeFrame(frame)).catch((error: Error) =>
      this.fail(`the channel broke: ${error.message}`)
    );
  }

  async #read(readable: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new FrameDecoder();
    for await (const chunk of readable) {
      for (const frame of decoder.push(chunk)) {
        if (frame.type === FrameType.hello) this.#hello.resolve();
        else this.#programs.get(frame.id)?.accept(frame);
      }
    }
  }
}

/** Starts the agent on this machine; `agent` is the path of its executable. */
export async function startAgent(agent: string): Promise<{ machine: Machine; stop: () => Promise<void> }> {
  const child = new Deno.Command(agent, { args: ["-"], stdin: "piped", stdout: "piped" }).spawn();
  const machine = new Machine({ readable: child.stdout, writable: child.stdin });
  await machine.hello(10_000);
  const stop = async () => {
    await machine.killAll().catch(() => {});
    await machine.close();
    await child.status;
  };
  return { machine, stop };
}
