/**
 * What mountsnoop reports for mounts.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** Calls by text; `setattrResult` is the result of mount_setattr(2), which came with 5.12, or null if the call is not seen. */
export function calls(setattrResult: "0" | "-ENOSYS" | null): Counts {
  const setattr = 'mount_setattr(F, "", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_NOSUID|MOUNT_ATTR_STRICTATIME, ' +
    `attr_clr=MOUNT_ATTR__ATIME, propagation=MS_PRIVATE, userns_fd=0}, 32) = ${setattrResult}`;
  return {
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
    ...setattrResult === null ? {} : { [setattr]: 1 },
    'pivot_root("absent", "absent/old") = -ENOENT': 2,
  };
}

/** The call of a row as text; F is a descriptor. */
export const callText = ({ call }: Row): string =>
  String(call).replace(/\(\d+,/, "(F,").replace(/ = [1-9]\d*$/, " = F");
