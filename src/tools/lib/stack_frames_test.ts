import assert from "node:assert/strict";
import { namesWithoutOwn, type OwnFrames } from "./stack_frames.ts";

/** Names of addresses by position, innermost first; those with `own` are of this process's BPF programs. */
function namesOf(
  stack: readonly (string | { own: string })[],
  isOfProgram: OwnFrames["isOfProgram"] = false,
): readonly string[] {
  const nameOf = (address: bigint): string => {
    const name = stack[Number(address)]!;
    return typeof name === "string" ? name : name.own;
  };
  const isOwn = (address: bigint): boolean => typeof stack[Number(address)] !== "string";
  return namesWithoutOwn(stack.map((_, i) => BigInt(i)), nameOf, { isOfProgram, isOwn });
}

Deno.test("namesWithoutOwn() leaves out ktop's own programs, what they call, and what calls them", () => {
  const sampled = ["bpf_probe_read_kernel", { own: "bpf_prog_1_end_open" }, { own: "0xffffffffa0001000" }];
  const called = ["bpf_trace_run2", "__bpf_trace_sys_exit", "__traceiter_sys_exit", "syscall_exit_work"];
  assert.deepEqual(namesOf([...sampled, ...called, "do_syscall_64"]), ["syscall_exit_work", "do_syscall_64"]);
  const onEntry = [{ own: "bpf_prog_1_vfs_read__fentry" }, "bpf_trampoline_6442466789", "vfs_read"];
  assert.deepEqual(namesOf([...onEntry, "ksys_read"]), ["vfs_read", "ksys_read"]);
});

Deno.test("namesWithoutOwn() leaves out trampolines around functions, named or not", () => {
  const expected = ["filemap_read", "vfs_read", "ksys_read"];
  for (const trampoline of ["bpf_trampoline_6442466789", "0xffffffffa0002000"]) {
    const stack = ["filemap_read", trampoline, "vfs_read", trampoline, "ksys_read"];
    assert.deepEqual(namesOf(stack), expected);
  }
});

Deno.test("namesWithoutOwn() keeps the programs of others, and addresses whose names are hidden", () => {
  const others = ["bpf_prog_1_cil_from_container", "bpf_trace_run2", "net_rx_action"];
  assert.deepEqual(namesOf(others), others);
  const hidden = ["0xffffffff81000100", "0xffffffff81000200"];
  assert.deepEqual(namesOf(hidden), hidden);
  assert.deepEqual(namesOf(["0xffffffffa0002000", "vfs_read"]), ["0xffffffffa0002000", "vfs_read"]);
});

Deno.test("namesWithoutOwn() leaves out the innermost frames of a stack that a program took", () => {
  assert.deepEqual(namesOf(["bpf_get_stackid", "bpf_trace_run4", "__schedule"], true), ["__schedule"]);
});
