import assert from "node:assert/strict";
import type { InputEvent } from "./input.ts";
import { InputReader, type InputSource } from "./input_reader.ts";

/** A source that delivers these pieces and then ends like a terminal after a hang-up. */
function source(pieces: readonly string[], end: () => Promise<number | null>): InputSource {
  const left = [...pieces];
  return {
    read(buffer) {
      const piece = left.shift();
      return piece === undefined
        ? end()
        : Promise.resolve(new TextEncoder().encodeInto(piece, buffer).written);
    },
  };
}

Deno.test("InputReader.run() delivers keys in order and returns when the source ends", async () => {
  const events: InputEvent[] = [];
  await new InputReader((more) => events.push(...more)).run(
    source(["a\x1b", "[A", "b"], () => Promise.resolve(null)),
  );
  assert.deepEqual(events.map((event) => event.kind === "key" && event.key), ["a", "Up", "b"]);
});

Deno.test("InputReader.run() returns instead of spinning when the terminal is gone", async () => {
  let reads = 0;
  const gone = (): Promise<number> => {
    reads++;
    return Promise.reject(new Error("Input/output error (os error 5)"));
  };
  await new InputReader(() => {}).run(source([], gone));
  assert.equal(reads, 1);
});

Deno.test("InputReader.run() delivers Esc when nothing follows it", async () => {
  const pressed = Promise.withResolvers<readonly InputEvent[]>();
  const ended = Promise.withResolvers<null>();
  const running = new InputReader(pressed.resolve).run(source(["\x1b"], () => ended.promise));
  assert.deepEqual(await pressed.promise, [{ kind: "key", key: "Esc" }]);
  ended.resolve(null);
  await running;
});

Deno.test("InputReader.run() continues when input was made non-blocking", async () => {
  let reads = 0;
  const events: InputEvent[] = [];
  await new InputReader((more) => events.push(...more)).run({
    read(buffer) {
      reads++;
      if (reads === 1) return Promise.reject(new Deno.errors.WouldBlock("again"));
      buffer[0] = 0x71;
      return Promise.resolve(reads === 2 ? 1 : null);
    },
  });
  assert.deepEqual(events, [{ kind: "key", key: "q", text: "q" }]);
});

Deno.test("InputReader.run() takes the last piece of a long paste for text, not for keys", async () => {
  const events: InputEvent[] = [];
  const line = "INSERT INTO t VALUES (1);\r".repeat(20);
  await new InputReader((more) => events.push(...more)).run(
    source([line, "Wq\r"], () => Promise.resolve(null)),
  );
  assert.deepEqual(events.map(({ kind }) => kind), ["paste", "paste"]);
});

Deno.test("InputReader.run() takes short reads that never pause for a held key, a second after a long paste", async () => {
  const events: InputEvent[] = [];
  let now = 0;
  const reads = ["INSERT INTO t VALUES (1);\r".repeat(20), ...Array.from({ length: 40 }, () => "j")];
  const texts = source(reads, () => Promise.resolve(null));
  const timed = {
    read(buffer: Uint8Array) {
      now += 40;
      return texts.read(buffer);
    },
  };
  await new InputReader((more) => events.push(...more), () => now).run(timed);
  assert.deepEqual(events.map(({ kind }) => kind), [
    ...Array.from({ length: 25 }, () => "paste"),
    ...Array.from({ length: 16 }, () => "key"),
  ]);
});
