import assert from "node:assert/strict";
import { FlagWords } from "./block_io.ts";

const SYNC = 1 << 11, META = 1 << 12, FUA = 1 << 17, FAILFAST = 1 << 8;

Deno.test("FlagWords.all() puts the flags before the operation as BCC does, and leaves out those without a word", () => {
  const words = new FlagWords(true);
  assert.equal(words.all(0), "Read");
  assert.equal(words.all(1 | SYNC | META | FAILFAST), "Metadata-Sync-Write");
  assert.equal(words.all(1 | SYNC | FUA), "ForcedUnitAccess-Sync-Write");
});

Deno.test("FlagWords.operation() knows the numbers from before and after 6.0, and names unknown ones by number", () => {
  assert.equal(new FlagWords(true).operation(7), "ZoneAppend");
  assert.equal(new FlagWords(false).operation(7), "WriteSame");
  assert.equal(new FlagWords(false).operation(13), "ZoneAppend");
  assert.equal(new FlagWords(true).operation(99), "Op99");
});

Deno.test("FlagWords.letter() is one letter for every operation", () => {
  const words = new FlagWords(true);
  assert.deepEqual([0, 1, 9, 7, 2, 3, 17, 34].map((number) => words.letter(number | SYNC)), [
    "R",
    "W",
    "W",
    "W",
    "F",
    "D",
    "Z",
    "P",
  ]);
});
