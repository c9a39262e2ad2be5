import assert from "node:assert/strict";
import { crc32, encodeFrame, FrameDecoder, GarbageError } from "./frame.ts";

const text = new TextEncoder();
const frame = { type: "O", id: 7, data: text.encode("read 318\n") };

Deno.test("crc32() returns the check value of IEEE 802.3", () => {
  assert.equal(crc32(text.encode("123456789")), 0xcbf43926);
});

Deno.test("FrameDecoder.push() decodes frames whose bytes arrive one by one", () => {
  const bytes = new Uint8Array([
    ...encodeFrame(frame),
    ...encodeFrame({ ...frame, id: 8, data: new Uint8Array() }),
  ]);
  const decoder = new FrameDecoder();
  const frames = Array.from(bytes).flatMap((byte) => decoder.push(Uint8Array.of(byte)));
  assert.deepEqual(frames, [frame, { ...frame, id: 8, data: new Uint8Array() }]);
});

Deno.test("FrameDecoder.push() decodes all frames of one chunk", () => {
  const one = encodeFrame(frame);
  assert.equal(new FrameDecoder().push(new Uint8Array([...one, ...one, ...one])).length, 3);
});

Deno.test("FrameDecoder.push() rejects a kernel message on the channel", () => {
  const decoder = new FrameDecoder();
  decoder.push(encodeFrame(frame));
  assert.throws(
    () => decoder.push(text.encode("[    1.12] WARNING: CPU: 0\n\x1b")),
    (error: Error) => error instanceof GarbageError && error.message.includes("WARNING: CPU: 0\\x0a\\x1b"),
  );
});

Deno.test("FrameDecoder.push() rejects a frame with a changed byte", () => {
  const bytes = encodeFrame(frame);
  bytes[bytes.length - 1]! ^= 1;
  assert.throws(() => new FrameDecoder().push(bytes), GarbageError);
});

Deno.test("FrameDecoder.push() rejects a frame with an impossible length", () => {
  const bytes = encodeFrame(frame);
  new DataView(bytes.buffer).setUint32(4, 0xffffffff, true);
  assert.throws(() => new FrameDecoder().push(bytes), GarbageError);
});
