import assert from "node:assert/strict";
import { encodeFrame, type Frame, FrameDecoder } from "./frame.ts";
import { Machine, MachineError, TimeoutError } from "./machine.ts";

const text = new TextEncoder();

/** A machine whose agent is the test: `command` reads a frame from the machine, `answer` sends one to it. */
function pair() {
  const toAgent = new TransformStream<Uint8Array, Uint8Array>();
  const fromAgent = new TransformStream<Uint8Array, Uint8Array>();
  const machine = new Machine({ readable: fromAgent.readable, writable: toAgent.writable });
  const writer = fromAgent.writable.getWriter();
  const reader = toAgent.readable.getReader();
  const decoder = new FrameDecoder();
  return {
    machine,
    raw: (bytes: Uint8Array) => writer.write(bytes).catch(() => {}),
    answer: (frame: Frame) => writer.write(encodeFrame(frame)),
    command: async () => decoder.push((await reader.read()).value!)[0]!,
    hangUp: () => writer.close(),
  };
}

const number = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);

Deno.test("Machine.start() returns pid, output and status as the agent reports them", async () => {
  const { machine, answer, command } = pair();
  const starting = machine.start(["ktop", "vfsstat"]);
  const { type, id, data } = await command();
  assert.deepEqual([type, new TextDecoder().decode(data)], ["S", "ktop\0vfsstat\0"]);
  await answer({ type: "P", id, data: number(77) });
  const program = await starting;
  await answer({ type: "O", id, data: text.encode("a line\n") });
  await answer({ type: "X", id, data: number(4) });
  assert.equal(await program.end(1000), 4);
  assert.deepEqual([program.pid, program.output], [77, "a line\n"]);
});

Deno.test("Program.output joins a character whose bytes arrive in two frames", async () => {
  const { machine, answer, command } = pair();
  const starting = machine.start(["x"]);
  const { id } = await command();
  await answer({ type: "P", id, data: number(1) });
  const program = await starting;
  const bytes = text.encode("é");
  await answer({ type: "O", id, data: bytes.subarray(0, 1) });
  await answer({ type: "O", id, data: bytes.subarray(1) });
  await answer({ type: "X", id, data: number(0) });
  await program.end(1000);
  assert.equal(program.output, "é");
});

Deno.test("Machine.start() throws MachineError, at once and later, when the guest writes garbage", async () => {
  const { machine, raw, command } = pair();
  const starting = machine.start(["ktop"]);
  await command();
  raw(text.encode("[    1.12] Kernel panic - not syncing\n"));
  await assert.rejects(
    starting,
    (error: Error) => error instanceof MachineError && /garbage/.test(error.message),
  );
  await assert.rejects(machine.start(["ktop"]), MachineError);
});

Deno.test("Program.end() returns 255 and Machine.failure has the reason when the guest hangs up", async () => {
  const { machine, answer, command, hangUp } = pair();
  const starting = machine.start(["ktop"]);
  const { id } = await command();
  await answer({ type: "P", id, data: number(1) });
  const program = await starting;
  await hangUp();
  assert.equal(await program.end(1000), 255);
  assert.match(machine.failure!.message, /closed its channel/);
});

Deno.test("Program.until() throws a TimeoutError that names the awaited event", async () => {
  const { machine, answer, command } = pair();
  const starting = machine.start(["ktop"]);
  const { id } = await command();
  await answer({ type: "P", id, data: number(1) });
  const program = await starting;
  await assert.rejects(
    program.until(() => null, "line of ktop", 1),
    (error: Error) => error instanceof TimeoutError && /no line of ktop within/.test(error.message),
  );
});
