import assert from "node:assert/strict";
import { isReduced } from "./privileges.ts";

const status = (permitted: string, effective: string, noNewPrivileges = 1) =>
  `Name:\tktop\nCapInh:\t0000000000000000\nCapPrm:\t${permitted}\nCapEff:\t${effective}\n` +
  `CapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\nNoNewPrivs:\t${noNewPrivileges}\n`;

Deno.test("isReduced() accepts a thread with some or all of the capabilities kept", () => {
  const kept = 0xc0_0000_0000n;
  assert.equal(isReduced(status("000000c000000000", "000000c000000000"), { kept }), true);
  assert.equal(isReduced(status("0000008000000000", "0000000000000000"), { kept }), true);
  assert.equal(isReduced(status("0000000000000000", "0000000000000000"), { kept: 0n }), true);
});

Deno.test("isReduced() refuses a thread with another capability in any set, or without no_new_privs", () => {
  const kept = 0xc0_0000_0000n;
  assert.equal(isReduced(status("000000c000200000", "000000c000000000"), { kept }), false);
  assert.equal(isReduced(status("000001ffffffffff", "000001ffffffffff"), { kept }), false);
  assert.equal(isReduced(status("000000c000000000", "000000c000000000", 0), { kept }), false);
});

Deno.test("isReduced() asks for no_new_privs only if programs are not to have all capabilities", () => {
  const kept = 0xc0_0000_0000n;
  const alone = status("000000c000000000", "000000c000000000", 0);
  assert.equal(isReduced(alone, { kept, sparesPrograms: true }), true);
  const more = status("000000c000200000", "000000c000000000", 0);
  assert.equal(isReduced(more, { kept, sparesPrograms: true }), false);
});
