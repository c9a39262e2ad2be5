/**
 * mountsnoop: every call that mounts, with flags by the right table (`tests/workloads/mounts.c`).
 *
 * @module
 */
import type { Case } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { counting } from "./counting.ts";
import { rowCounts } from "./rows.ts";

/** Calls by text; descriptors are F. */
const calls = {
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
};

const setattr = 'mount_setattr(F, "", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_NOSUID|MOUNT_ATTR_STRICTATIME, ' +
  "attr_clr=MOUNT_ATTR__ATIME, propagation=MS_PRIVATE, userns_fd=0}, 32) = ";

const byText = (row: Readonly<Record<string, unknown>>): string =>
  String(row.call).replace(/\(\d+,/, "(F,").replace(/ = [1-9]\d*$/, " = F");

export const mountsnoopCases: readonly Case[] = [
  counting({
    name: "every call is reported with its arguments by the right tables",
    tool: "mountsnoop",
    workload: ["mounts"],
    check: (outcome) => {
      // mount_setattr came with 5.12; before, the call fails and is reported as such.
      const result = /^setattr 0$/m.test(outcome.workload) ? "0" : "-ENOSYS";
      return all(rowCounts({ ...calls, [setattr + result]: 1 }, byText), nothingLost)(outcome);
    },
  }),
];
