/**
 * dcsnoop on a kernel without the features it needs; its counts are checked in the lab.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktop } from "../support/ktop.ts";

Deno.test("dcsnoop names the missing kernel options when neither ftrace nor kprobes work", async () => {
  const { code, stdout, stderr } = await ktop(["dcsnoop", "--tier", "kprobe", "--duration", "0.2", "--json"]);
  if (code === 0) return assert.match(stdout, /"tool":"dcsnoop"/);
  assert.equal(code, 4);
  assert.match(stderr, /^ktop: dcsnoop cannot run on the kprobe tier: the kernel .*CONFIG_KPROBES/);
});
