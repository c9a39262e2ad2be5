import assert from "node:assert/strict";
import { kernelDevice, mountOf, parseMountinfo } from "./mounts.ts";

const MOUNTINFO = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
31 22 8:17 /data /mnt/with\\040space rw master:3 propagate_from:2 - xfs /dev/sdb1 rw
nonsense
33 22 0:41 / /mnt/none rw - tmpfs
32 22 0:40 / /mnt/with\\040space rw - tmpfs none rw
`;

Deno.test("parseMountinfo() reads device, root, mount point, type and options, and decodes octal escapes", () => {
  const mounts = parseMountinfo(MOUNTINFO);
  assert.equal(mounts.length, 5);
  assert.deepEqual(mounts[2], {
    dev: kernelDevice(8, 17),
    root: "/data",
    point: "/mnt/with space",
    type: "xfs",
    options: ["rw"],
  });
});

Deno.test("mountOf() chooses the longest mount point, and the last of two on the same point", () => {
  const mounts = parseMountinfo(MOUNTINFO);
  assert.equal(mountOf("/mnt/with space/a", mounts)?.type, "tmpfs");
  assert.equal(mountOf("/mnt/with spaces", mounts)?.type, "ext4");
  assert.equal(mountOf("/sys/fs/cgroup/unified", mounts)?.type, "cgroup2");
});
