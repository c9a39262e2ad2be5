/**
 * mountsnoop against calls of known numbers (tests/workloads/mounts.c), on this kernel.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows } from "../support/ktop.ts";
import { watchWorkload } from "../support/watch.ts";

Deno.test("mountsnoop reports every call with its flags by the right table", async () => {
  const { ticks } = await watchWorkload(["mounts"], ["mountsnoop"]);
  const byText = (call: unknown): string =>
    String(call).replace(/\(\d+,/, "(F,").replace(/ = [1-9]\d*$/, " = F");
  assert.deepEqual(countRows(ticks, ({ call }) => byText(call)), {
    'mount("none", "a", "tmpfs", MS_NOSUID|MS_NODEV, "size=64k") = 0': 7,
    'umount("a", MNT_DETACH) = 0': 7,
    'umount("a", 0x0) = -EINVAL': 5,
    'mount("none", "a", "ktop-none", MS_RDONLY, NULL) = -ENODEV': 3,
    'fsopen("tmpfs", FSOPEN_CLOEXEC) = F': 1,
    'fsconfig(F, FSCONFIG_SET_STRING, "size", "128k", 0) = 0': 1,
    "fsconfig(F, FSCONFIG_CMD_CREATE, NULL, NULL, 0) = 0": 1,
    "fsmount(F, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID|MOUNT_ATTR_NOATIME) = F": 1,
    'move_mount(F, "", AT_FDCWD, "a", MOVE_MOUNT_F_EMPTY_PATH) = 0': 1,
    'fspick(AT_FDCWD, "a", FSPICK_CLOEXEC|FSPICK_SYMLINK_NOFOLLOW) = F': 1,
    "fsconfig(F, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0) = 0": 1,
    'open_tree(AT_FDCWD, "a", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC) = F': 1,
    [
      'mount_setattr(F, "", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_NOSUID|MOUNT_ATTR_STRICTATIME, ' +
      "attr_clr=MOUNT_ATTR__ATIME, propagation=MS_PRIVATE, userns_fd=0}, 32) = 0"
    ]: 1,
  });
});

Deno.test("mountsnoop -P reports only children of that process", async () => {
  const own = await watchWorkload(["mounts"], ["mountsnoop", "-P", String(Deno.pid)]);
  const rows = own.ticks.flatMap(({ rows }) => rows);
  assert.equal(rows.length, 7 + 7 + 5 + 3 + 9);
  // A mount namespace of its own: not this process's.
  const here = /\d+/.exec(Deno.readLinkSync("/proc/self/ns/mnt"))![0];
  assert.ok(
    rows.every(({ ppid, mnt_ns }) => ppid === Deno.pid && Number(mnt_ns) > 0 && String(mnt_ns) !== here),
  );
  const other = await watchWorkload(["mounts"], ["mountsnoop", "-P", "1"]);
  assert.equal(other.ticks.flatMap(({ rows }) => rows).length, 0);
});
