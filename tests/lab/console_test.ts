import assert from "node:assert/strict";
import { findFault } from "./console.ts";

const faults = [
  "[    1.122377] Kernel panic - not syncing: Fatal exception in interrupt",
  "[    9.1] WARNING: CPU: 1 PID: 77 at kernel/bpf/trampoline.c:12 bpf_x+0x1/0x2",
  "[    9.1] WARNING: kernel/bpf/trampoline.c:12 at bpf_x+0x1/0x2, CPU#1: ktop/77",
  "[    1.122151] Oops: int3: 0000 [#2] PREEMPT SMP NOPTI",
  "[    3.0] BUG: kernel NULL pointer dereference, address: 0000000000000010",
  "[    3.0] Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010",
  "[    3.0] kernel BUG at mm/slub.c:379!",
  "[   60.0] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [ktop:88]",
  "[   60.0] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
];

Deno.test("findFault() returns the message of each kind of fault", () => {
  for (const line of faults) {
    const fault = findFault(`c\x1b[2J6.1.0\r\n${line}\r\nreboot: Power down`);
    assert.equal(fault?.excerpt, `${line}\nreboot: Power down`);
    assert.ok(line.includes(fault.message), fault.message);
  }
});

Deno.test("findFault() returns null for a healthy boot", () => {
  assert.equal(
    findFault("SeaBIOS (version 1.16.2)\r\n[    0.1] ACPI: 2 CPUs\r\n[    6.3] reboot: Power down\r\n"),
    null,
  );
});
