import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { bytesSource } from "./source.ts";

Deno.test("Source.read() decompresses in chunks of at most 2 MB, and lets the event loop run in between", async () => {
  const members = Array<Uint8Array>(60).fill(gzipSync(new Uint8Array(1e6)));
  const source = bytesSource("test", Buffer.concat([...members, gzipSync("last")]));
  for (const offset of [0, 60e6]) {
    let hasRun = false;
    const timer = setTimeout(() => hasRun = true);
    let length = 0;
    let end: Uint8Array = new Uint8Array();
    for await (const chunk of source.read(offset)) {
      length += chunk.length;
      assert.ok(chunk.length < 2.2e6, `${chunk.length} bytes`);
      end = chunk.slice(-4);
    }
    clearTimeout(timer);
    assert.deepEqual([length, new TextDecoder().decode(end), hasRun], [60e6 + 4 - offset, "last", true]);
  }
});
