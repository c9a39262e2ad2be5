import assert from "node:assert/strict";
import { FlagWords } from "./block_io.ts";

const SYNC = 1 << 11, META = 1 << 12, FUA = 1 << 17, FAILFAST = 1 << 8;

/** The successive numberings of enum req_op(f); stable releases have some of the changes, too. */
const NUMBERINGS = [
  "WRITE_SAME=7 WRITE_ZEROES=9 ZONE_OPEN=10 ZONE_CLOSE=11 ZONE_FINISH=12 ZONE_APPEND=13 ZONE_RESET=15 ZONE_RESET_ALL=17 SCSI_IN=32 LAST=36",
  "ZONE_APPEND=7 WRITE_ZEROES=9 ZONE_OPEN=10 ZONE_CLOSE=11 ZONE_FINISH=12 ZONE_RESET=13 ZONE_RESET_ALL=15 DRV_IN=34 LAST=36",
  "ZONE_APPEND=7 WRITE_ZEROES=9 ZONE_OPEN=10 ZONE_CLOSE=11 ZONE_FINISH=13 ZONE_RESET=15 ZONE_RESET_ALL=17 DRV_IN=34 LAST=36",
  "ZONE_APPEND=7 WRITE_ZEROES=9 ZONE_OPEN=11 ZONE_CLOSE=13 ZONE_FINISH=15 ZONE_RESET=17 ZONE_RESET_ALL=19 DRV_IN=34 LAST=36",
].map((text) =>
  text.split(" ").map((part) => {
    const [name, number] = part.split("=");
    return [`REQ_OP_${name}`, Number(number)] as const;
  })
);

Deno.test("FlagWords.all() puts the flags before the operation as BCC does, and omits flags without a word", () => {
  const words = new FlagWords();
  assert.equal(words.all(0), "Read");
  assert.equal(words.all(1 | SYNC | META | FAILFAST), "Metadata-Sync-Write");
  assert.equal(words.all(1 | SYNC | FUA), "ForcedUnitAccess-Sync-Write");
});

Deno.test("FlagWords.operation() names the operations by the kernel's numbers", () => {
  const named = NUMBERINGS.map((enumerators) => {
    const words = new FlagWords(enumerators);
    return [7, 9, 10, 11, 12, 13, 15, 17, 19, 32].map((number) => words.operation(number)).join(" ");
  });
  assert.deepEqual(named, [
    "WriteSame WriteZeroes ZoneOpen ZoneClose ZoneFinish ZoneAppend ZoneReset ZoneResetAll Op19 ScsiIn",
    "ZoneAppend WriteZeroes ZoneOpen ZoneClose ZoneFinish ZoneReset ZoneResetAll Op17 Op19 Op32",
    "ZoneAppend WriteZeroes ZoneOpen ZoneClose Op12 ZoneFinish ZoneReset ZoneResetAll Op19 Op32",
    "ZoneAppend WriteZeroes Op10 ZoneOpen Op12 ZoneClose ZoneFinish ZoneReset ZoneResetAll Op32",
  ]);
});

Deno.test("FlagWords.operation() knows the stable operations without enumerators, and ignores REQ_OP_LAST", () => {
  const words = new FlagWords(NUMBERINGS[0]);
  assert.deepEqual([0, 1, 2, 3, 5, 34, 35, 36].map((number) => words.operation(number)), [
    ..."Read Write Flush Discard SecureErase DriverIn DriverOut".split(" "),
    "Op36",
  ]);
  assert.equal(new FlagWords().operation(1), "Write");
});

Deno.test("FlagWords.letter() is one letter for every operation", () => {
  const words = new FlagWords(NUMBERINGS.at(-1));
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
