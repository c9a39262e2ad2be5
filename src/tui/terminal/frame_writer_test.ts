import assert from "node:assert/strict";
import { FrameWriter } from "./frame_writer.ts";

Deno.test("FrameWriter.write() sends every byte when the sink takes only some at a time", async () => {
  let got = "";
  const writer = new FrameWriter({
    write(bytes) {
      got += new TextDecoder().decode(bytes.subarray(0, 3));
      return Promise.resolve(Math.min(3, bytes.length));
    },
  });
  await writer.write("\x1b[Hframe one");
  assert.equal(got, "\x1b[Hframe one");
  assert.equal(writer.busy, false);
});

Deno.test("FrameWriter.busy is true until the frame is written, and settled() reports a stalled link", async () => {
  const room = Promise.withResolvers<number>();
  const writer = new FrameWriter({ write: () => room.promise });
  const writing = writer.write("abc");
  assert.equal(writer.busy, true);
  assert.equal(await writer.settled(0), false);
  room.resolve(3);
  await writing;
  assert.equal(writer.busy, false);
  assert.equal(await writer.settled(0), true);
});

Deno.test("FrameWriter.write() rejects when the sink is gone, and is free again", async () => {
  const writer = new FrameWriter({ write: () => Promise.reject(new Deno.errors.BrokenPipe("gone")) });
  await assert.rejects(writer.write("abc"), Deno.errors.BrokenPipe);
  assert.equal(writer.busy, false);
});

Deno.test("FrameWriter.write() tries again when the terminal is full and non-blocking", async () => {
  let tries = 0;
  const writer = new FrameWriter({
    write: (bytes) => Promise.resolve(++tries === 1 ? 0 : bytes.length),
  });
  await writer.write("abc");
  assert.equal(tries, 2);
});
