/**
 * What ktop says on kernels that lack what it needs, and where /sys or a cgroup hierarchy is missing. seccomp(2) refuses
 * commands of bpf(2) as an old kernel does; in a mount namespace the release is another one, or /sys is missing.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { runCommand } from "../support/commands.ts";
import { type Finished, ktop } from "../support/ktop.ts";

const source = join(import.meta.dirname!, "../fixtures/without_bpf.c");
const withoutBpf = join(import.meta.dirname!, "../../build/fixtures/without_bpf");
await runCommand("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", withoutBpf, source);

/** Numbers of errno(3). */
const EINVAL = "22", ENOSYS = "38";
/** Commands of bpf(2), from enum bpf_cmd of linux/bpf.h. */
const ALL = "-1", MAP_CREATE = "0", PROG_LOAD = "5", PROG_TEST_RUN = "10";

/** The beginning of a command that runs after lines of shell in its own mount namespace. */
const mounts = (...lines: readonly string[]): readonly string[] => [
  ...["unshare", "--mount", "sh", "-ec"],
  [...lines, 'exec "$@"'].join("; "),
  "sh",
];

/** Gives the kernel the release 5.4.0-26. */
const OLD_RELEASE = mounts(
  "mount -t tmpfs tmpfs /mnt",
  "echo 5.4.0-26 > /mnt/release",
  "mount --bind /mnt/release /proc/sys/kernel/osrelease",
);

const afterCommands = (through: readonly string[], args: readonly string[]): Promise<Finished> =>
  ktop(args, { through });

/** Runs tools after these commands: each must exit with 4 and print one line that matches. */
async function refuses(through: readonly string[], expected: RegExp): Promise<void> {
  for (const tool of ["vfsstat", "opensnoop"]) {
    const { code, stderr } = await afterCommands(through, [tool, "-i", "0.1", "--count", "1"]);
    assert.equal(code, 4, stderr);
    assert.match(stderr, /^ktop: [^\n]*\n$/);
    assert.match(stderr, new RegExp(`^ktop: ${tool} cannot run `));
    assert.match(stderr, expected);
  }
}

Deno.test("ktop exits with 4 and names CONFIG_BPF_SYSCALL, not lockdown, when bpf(2) does not exist", async () => {
  const through = [withoutBpf, ALL, ENOSYS];
  await refuses(
    through,
    /here: the kernel was built without CONFIG_BPF_SYSCALL\. Run a kernel with CONFIG_BPF_SYSCALL\.\n$/,
  );
  const { code, stdout } = await afterCommands(through, ["doctor"]);
  assert.equal(code, 0);
  assert.match(stdout, /CONFIG_BPF_SYSCALL/);
  assert.doesNotMatch(stdout, /Boot with lockdown/);
});

Deno.test("ktop exits with 4 and names the release when an old kernel refuses a command of bpf(2)", async () => {
  for (const command of [MAP_CREATE, PROG_TEST_RUN]) {
    await refuses(
      [...OLD_RELEASE, withoutBpf, command, EINVAL],
      /on Linux 5\.4\.0-26, which is older than 5\.10: .*EINVAL.*\. Run Linux 5\.10 or later\.\n$/,
    );
  }
});

Deno.test("ktop does not blame lockdown when an old kernel does not have the helper that reads its memory", async () => {
  await refuses(
    [...OLD_RELEASE, withoutBpf, PROG_LOAD, EINVAL],
    /here: the kernel has no bpf_probe_read_kernel \(EINVAL\)\. Run Linux 5\.10 or later\.\n$/,
  );
});

Deno.test("ktop on a kernel that reports an old release but has the features runs", async () => {
  const { code, stderr } = await afterCommands(OLD_RELEASE, ["vfsstat", "-i", "0.1", "--count", "1"]);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
});

Deno.test("ktop exits with 4 and names /sys, not the kernel, when /sys is not mounted", async () => {
  const through = mounts("umount -l /sys");
  await refuses(through, /here: \/sys is not mounted[^\n]*BTF[^\n]*\. Run: mount -t sysfs sysfs \/sys\.\n$/);
  const { code, stdout } = await afterCommands(through, ["doctor"]);
  assert.equal(code, 0);
  assert.match(stdout, /\/sys is not mounted/);
});

Deno.test("ktop exits with 4 and names BTF when the kernel has no types", async () => {
  await refuses(
    mounts("mount -t tmpfs tmpfs /sys/kernel/btf"),
    /here: the kernel has no BTF: \/sys\/kernel\/btf\/vmlinux does not exist\. Run Linux 5\.10 or later, built with CONFIG_DEBUG_INFO_BTF\.\n$/,
  );
});

Deno.test("ktop names the cgroup v2 hierarchy of a hybrid system, and says how to mount one where there is none", async () => {
  const hybrid = mounts(
    "umount -R /sys/fs/cgroup",
    "mount -t tmpfs tmpfs /sys/fs/cgroup",
    "mkdir /sys/fs/cgroup/v1 /sys/fs/cgroup/v2",
    "mount -t cgroup -o none,name=ktop-test cgroup /sys/fs/cgroup/v1",
    "mount -t cgroup2 cgroup2 /sys/fs/cgroup/v2",
  );
  const args = ["vfsstat", "-i", "0.1", "--count", "1"];
  const v1 = [...args, "--cgroup", "/sys/fs/cgroup/v1"];
  const named = await afterCommands(hybrid, v1);
  assert.equal(
    named.stderr,
    "ktop: /sys/fs/cgroup/v1 is not a cgroup v2 directory. The cgroup v2 hierarchy is at /sys/fs/cgroup/v2.\n",
  );
  assert.equal(named.code, 1);
  const only = mounts(hybrid.at(-2)!.replace('; exec "$@"', ""), "umount /sys/fs/cgroup/v2");
  const missing = await afterCommands(only, v1);
  assert.equal(
    missing.stderr,
    "ktop: /sys/fs/cgroup/v1 is not a cgroup v2 directory. No cgroup v2 hierarchy is mounted here. Run: mount -t cgroup2 cgroup2 DIR.\n",
  );
  assert.equal(missing.code, 1);
  for (const through of [hybrid, only]) {
    const { code, stderr } = await afterCommands(through, args);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
  }
});
