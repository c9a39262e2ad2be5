import assert from "node:assert/strict";
import { callName, describeCall, flagNames, type MountCall } from "./calls.ts";

/** A call; the values that are strings are its string arguments. */
function call(
  number: number,
  values: readonly (string | number | bigint)[],
  rest: Partial<MountCall> = {},
): string {
  return describeCall({
    call: number,
    registers: values.map((value) => typeof value === "string" ? 0x1000n : BigInt.asUintN(64, BigInt(value))),
    strings: values.map((value) => typeof value === "string" ? value : undefined),
    cut: 0,
    attr: null,
    ret: 0,
    ...rest,
  });
}

Deno.test("describeCall() decodes mount's flags as MS_* and umount's as MNT_*", () => {
  assert.equal(
    call(1, ["tmpfs", "/mnt", "tmpfs", 1 | 4, "size=1M"]),
    'mount("tmpfs", "/mnt", "tmpfs", MS_RDONLY|MS_NODEV, "size=1M") = 0',
  );
  assert.equal(call(2, ["/mnt", 1 | 4], { ret: -16 }), 'umount("/mnt", MNT_FORCE|MNT_EXPIRE) = -EBUSY');
});

Deno.test("describeCall() shows NULL, unreadable pointers and 0 without flags", () => {
  assert.equal(
    call(1, [0, 0xdead, "", 0, 0], { ret: -14 }),
    'mount(NULL, 0xdead, "", 0x0, NULL) = -EFAULT',
  );
});

Deno.test("describeCall() separates mount's magic number from its flags", () => {
  assert.equal(
    call(1, ["a", "b", 0, 0xc0ed0001, 0]),
    'mount("a", "b", NULL, MS_MGC_VAL|MS_RDONLY, NULL) = 0',
  );
});

Deno.test("describeCall() decodes each call of the new interface by its own table", () => {
  assert.equal(call(3, ["ext4", 1], { ret: 3 }), 'fsopen("ext4", FSOPEN_CLOEXEC) = 3');
  assert.equal(
    call(4, [-100, "/mnt", 1 | 8], { ret: 3 }),
    'fspick(AT_FDCWD, "/mnt", FSPICK_CLOEXEC|FSPICK_EMPTY_PATH) = 3',
  );
  assert.equal(
    call(5, [3, 1, "source", "/dev/sda1", 0]),
    'fsconfig(3, FSCONFIG_SET_STRING, "source", "/dev/sda1", 0) = 0',
  );
  assert.equal(call(5, [3, 6, 0, 0, 0]), "fsconfig(3, FSCONFIG_CMD_CREATE, NULL, NULL, 0) = 0");
  assert.equal(
    call(6, [3, 1, 1 | 0x20], { ret: 4 }),
    "fsmount(3, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY|MOUNT_ATTR_STRICTATIME) = 4",
  );
  assert.equal(
    call(7, [4, "", -100, "/mnt", 4 | 0x10]),
    'move_mount(4, "", AT_FDCWD, "/mnt", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_SYMLINKS) = 0',
  );
  assert.equal(
    call(8, [-100, "/mnt", 1 | 0o2000000 | 0x8000], { ret: 5 }),
    'open_tree(AT_FDCWD, "/mnt", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_RECURSIVE) = 5',
  );
  assert.equal(
    call(9, [5, "", 0x1000, 0xbeef, 32], {
      attr: { set: 1n, clear: 0x70n, propagation: 1n << 18n, userns_fd: 0n },
    }),
    'mount_setattr(5, "", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_RDONLY, attr_clr=MOUNT_ATTR__ATIME, ' +
      "propagation=MS_PRIVATE, userns_fd=0}, 32) = 0",
  );
});

Deno.test("describeCall() escapes quotes, so that a path cannot look like further arguments", () => {
  assert.equal(call(2, ['/a", 0) = 0', 0]), 'umount("/a\\", 0) = 0", 0x0) = 0');
});

Deno.test("describeCall() marks a string that was cut", () => {
  assert.equal(call(2, ["/long", 0], { cut: 1 }), 'umount("/long"..., 0x0) = 0');
});

Deno.test("flagNames() shows bits without a name in hexadecimal, including the highest", () => {
  assert.equal(flagNames(0x8000_0001, [["ONE", 1]]), "ONE|0x80000000");
  assert.equal(flagNames(0, [["ONE", 1]]), "0x0");
});

Deno.test("callName() is null for an unknown number", () => {
  assert.deepEqual([callName(0), callName(2), callName(99)], [null, "umount", null]);
});
