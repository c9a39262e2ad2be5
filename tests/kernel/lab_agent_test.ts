/**
 * The agent that runs programs in the lab's guests, here on this machine.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeFrame, type Frame, FrameDecoder, FrameType } from "../lab/frame.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { isAlive, until } from "../support/tmux.ts";

const SOURCE = join(import.meta.dirname!, "../lab/guest/agent.c");

/** More than a pipe holds, so that the agent blocks when its output is not read. */
const FLOOD = 1_000_000;

/** The programs, by their number in the protocol. */
const LATE_PRINTER = 1, FLOODER = 2, SHORT_LIVED = 3, WAITER = 4;

/** The agent, whose output is read frame by frame. */
class Agent {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #frames: AsyncGenerator<Frame>;

  constructor(binary: string) {
    this.#process = new Deno.Command(binary, { args: ["-"], stdin: "piped", stdout: "piped" }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#frames = decoded(this.#process.stdout);
  }

  get pid(): number {
    return this.#process.pid;
  }

  async frame(): Promise<Frame> {
    const { value } = await this.#frames.next();
    return value;
  }

  /** Starts a shell command and returns its process id. */
  async start(id: number, command: string): Promise<number> {
    const data = new TextEncoder().encode(["sh", "-c", command].map((word) => `${word}\0`).join(""));
    await this.#writer.write(encodeFrame({ type: FrameType.start, id, data }));
    const frame = await this.frame();
    assert.deepEqual([frame.type, frame.id], [FrameType.pid, id]);
    return new DataView(frame.data.buffer, frame.data.byteOffset).getUint32(0, true);
  }

  /** Closes its channel, which ends it and its programs. */
  async end(): Promise<void> {
    await this.#writer.close();
    while (!(await this.#frames.next()).done);
    await this.#process.status;
  }
}

async function* decoded(stream: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const decoder = new FrameDecoder();
  for await (const chunk of stream) yield* decoder.push(chunk);
}

/** The kernel function in which a process waits. */
const waitsIn = (pid: number): Promise<string> => Deno.readTextFile(`/proc/${pid}/wchan`);

Deno.test("The lab's agent reports an end after everything that other programs printed before it", async () => {
  await using directory = await TemporaryDirectory.make();
  const file = (name: string): string => join(directory.path, name);
  const whenExists = (name: string): string => `until [ -e '${file(name)}' ]; do sleep 0.02; done`;
  const { success } = await new Deno.Command("gcc", { args: ["-O2", "-o", file("agent"), SOURCE] }).output();
  assert.ok(success);
  const agent = new Agent(file("agent"));
  assert.equal((await agent.frame()).type, FrameType.hello);
  await agent.start(
    LATE_PRINTER,
    `${whenExists("print")}; echo late; touch '${file("printed")}'; exec sleep 1000`,
  );
  const flooder = await agent.start(FLOODER, `${whenExists("flood")}; exec head -c ${FLOOD} /dev/zero`);
  const shortLived = await agent.start(SHORT_LIVED, whenExists("flood"));
  const waiter = await agent.start(WAITER, whenExists("printed"));
  // After SIGCONT the agent reaps the short-lived program and forwards the flood until its pipe is full. The late printer has printed
  // nothing yet.
  Deno.kill(agent.pid, "SIGSTOP");
  await Deno.writeTextFile(file("flood"), "");
  await until("the flood", () => waitsIn(flooder), (name) => name.includes("pipe_write"));
  await until(
    "the end of the short-lived program",
    () => Promise.resolve(isAlive(shortLived)),
    (alive) => !alive,
  );
  Deno.kill(agent.pid, "SIGCONT");
  await until("the agent blocks", () => waitsIn(agent.pid), (name) => name.includes("pipe_write"));
  await Deno.writeTextFile(file("print"), "");
  await until("the end of the waiter", () => Promise.resolve(isAlive(waiter)), (alive) => !alive);
  let printed = "";
  for (;;) {
    const { type, id, data } = await agent.frame();
    if (type === FrameType.output && id === LATE_PRINTER) printed += new TextDecoder().decode(data);
    if (type === FrameType.exit && id === WAITER) break;
  }
  assert.equal(printed, "late\n");
  await agent.end();
});
