import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { NOBODY } from "../lib/who.ts";
import { MountsnoopEvent } from "./layout.gen.ts";
import { readEvent } from "./mod.ts";

Deno.test("readEvent() assigns each argument its string", () => {
  const members = {
    time_ns: 5n,
    ...USER.members,
    pid: 7,
    tid: 8,
    ppid: 1,
    mnt_ns: 0xf0000000 | 0,
    ret: -22,
    call: 1,
    strings: 0b10010,
    arguments: [0n, 0x1000n, 0x2000n, 3n, 0x3000n],
    comm: "mount",
  };
  assert.deepEqual(readEvent(record(MountsnoopEvent, members, ["/mnt", ""]), CLOCK), {
    time: "at 5",
    comm: "mount",
    ...NOBODY,
    ...USER.columns,
    pid: 7,
    tid: 8,
    ppid: 1,
    mnt_ns: 0xf0000000,
    syscall: "mount",
    ret: -22,
    call: 'mount(NULL, "/mnt", 0x2000, MS_RDONLY|MS_NOSUID, "") = -EINVAL',
  });
});
