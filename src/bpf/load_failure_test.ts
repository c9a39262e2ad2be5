import assert from "node:assert/strict";
import { VerifierError } from "../errors.ts";
import { explainLoad } from "./load_failure.ts";

Deno.test("explainLoad() keeps the whole log and names the program when the verifier rejected it", () => {
  const log =
    "0: R1=ctx()\n1: (61) r0 = *(u32 *)(r1 +0)\nR1 invalid mem access 'scalar'\nprocessed 2 insns (limit 1000000)\n";
  const { program, reason, error } = explainLoad("filetop", -13, [
    "prog 'vfs_read__fentry': BPF program load failed: Permission denied",
    `prog 'vfs_read__fentry': -- BEGIN PROG LOAD LOG --\n${log}-- END PROG LOAD LOG --`,
    "prog 'vfs_read__fentry': failed to load: -13",
    "failed to load object 'filetop'",
  ]);
  assert.equal(program, "vfs_read__fentry");
  assert.ok(error instanceof VerifierError);
  assert.equal(error.log, log);
  assert.equal(error.message, "load vfs_read__fentry: EACCES (R1 invalid mem access 'scalar')");
  assert.equal(reason, "EACCES (R1 invalid mem access 'scalar')");
});

Deno.test("explainLoad() does not repeat libbpf's memlock hint when the kernel answers EPERM", () => {
  const { program, reason, error } = explainLoad("filetop", -1, [
    "prog 'vfs_read__fentry': BPF program load failed: Operation not permitted",
    "permission error while running as root; try raising 'ulimit -l'? current value: 8.0 MiB",
    "prog 'vfs_read__fentry': failed to load: -1",
    "failed to load object 'filetop'",
  ]);
  assert.equal(program, "vfs_read__fentry");
  assert.equal(reason, "EPERM");
  assert.equal(error.message, "load vfs_read__fentry: EPERM");
});

Deno.test("explainLoad() names RLIMIT_MEMLOCK when a map is refused with EPERM, as before Linux 5.11", () => {
  const { program, error } = explainLoad("vfsstat", -1, [
    "map 'calls': failed to create: Operation not permitted(-1)",
    "failed to load object 'vfsstat'",
  ]);
  assert.equal(program, null);
  assert.match(error.remedy, /RLIMIT_MEMLOCK/);
});

Deno.test("explainLoad() reports libbpf's reason when the program never reached the kernel", () => {
  const { program, error } = explainLoad("filetop", -3, [
    "prog 'a__fentry': failed to find kernel BTF type ID of 'nope': -3",
    "prog 'a__fentry': failed to prepare load attributes: -3",
    "prog 'a__fentry': failed to load: -3",
  ]);
  assert.equal(program, "a__fentry");
  assert.equal(error.message, "load a__fentry: ESRCH (failed to find kernel BTF type ID of 'nope': -3)");
});

Deno.test("explainLoad() names no program when a map could not be created", () => {
  const { program, error } = explainLoad("filetop", -12, [
    "map 'files': failed to create: Cannot allocate memory(-12)",
  ]);
  assert.equal(program, null);
  assert.equal(
    error.message,
    "load filetop: ENOMEM (map 'files': failed to create: Cannot allocate memory(-12))",
  );
});

Deno.test("explainLoad() leaves out libbpf's guess about the kernel when descriptors run out", () => {
  const guess =
    "Error in bpf_object__probe_loading():Too many open files(24). Couldn't load trivial BPF program. " +
    "Make sure your kernel supports BPF (CONFIG_BPF_SYSCALL=y)";
  assert.equal(explainLoad("syscalls", -24, [guess]).error.message, "load syscalls: EMFILE");
  assert.match(explainLoad("syscalls", -1, [guess]).error.message, /^load syscalls: EPERM \(.*supports BPF/);
});
