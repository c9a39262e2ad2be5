import assert from "node:assert/strict";
import { record } from "../../../tests/support/record.ts";
import { Walked } from "../lib/paths.ts";
import type { OnRecord, Ring } from "../lib/ring.ts";
import { FiletopKey, FiletopPath } from "./layout.gen.ts";
import { KeyPaths } from "./paths.ts";

/** The key of thread 7's file with this inode number. */
const keyOf = (inode: number): FiletopKey => record(FiletopKey, { inode, dev: 1, tid: 7 });

/** A ring with the paths of files, by inode number, names last first. */
function ringOf(waiting: (readonly [inode: number, ...names: string[]])[]): Ring {
  const bytes = (inode: number, names: readonly string[]): Uint8Array<ArrayBuffer> => {
    const head = new Uint8Array(FiletopPath.layout.size);
    const view = new DataView(head.buffer);
    view.setBigUint64(0, BigInt(inode), true);
    view.setUint32(8, 1, true);
    view.setUint32(12, 7, true);
    view.setUint8(FiletopPath.layout.members.walked.offset, Walked.root);
    const tail = new TextEncoder().encode(names.map((name) => `${name}\0`).join(""));
    return new Uint8Array([...head, ...tail]);
  };
  return {
    get backlog() {
      return waiting.length;
    },
    consume(onRecord: OnRecord) {
      const taken = waiting.splice(0);
      for (const [inode, ...names] of taken) {
        const one = bytes(inode, names);
        onRecord(new DataView(one.buffer), 0, one.length);
      }
      return taken.length;
    },
  };
}

Deno.test("KeyPaths knows the newest path of a key, also one that was sent in the interval before", () => {
  const waiting: [number, ...string[]][] = [[1, "a", "old"], [2, "b"]];
  const paths = new KeyPaths(ringOf(waiting));
  paths.read();
  assert.deepEqual([paths.of(keyOf(1), "a"), paths.of(keyOf(2), "b")], ["/old/a", "/b"]);
  waiting.push([1, "a", "new"]);
  paths.read();
  assert.deepEqual([paths.of(keyOf(1), "a"), paths.of(keyOf(2), "b")], ["/new/a", "/b"]);
});

Deno.test("KeyPaths marks the unknown start of a path that was lost, and forgets paths after two intervals", () => {
  const paths = new KeyPaths(ringOf([[1, "a", "tmp"]]));
  paths.read();
  assert.equal(paths.of(keyOf(3), "c"), "\\…/c");
  paths.read();
  paths.read();
  assert.equal(paths.of(keyOf(1), "a"), "\\…/a");
  assert.equal(paths.of(keyOf(1), ""), null);
});
