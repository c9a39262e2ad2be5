import assert from "node:assert/strict";
import { BpfError, UnsupportedError } from "../errors.ts";
import { explainOnOldKernel, isOlder } from "./old_kernel.ts";

Deno.test("isOlder() compares major and minor numbers of a release, and takes an unknown form for new", () => {
  for (const release of ["4.19.0-27-cloud-amd64", "5.4.0", "5.9", "2.6.78", "4.18.0-553.el8_10.x86_64"]) {
    assert.equal(isOlder(release), true, release);
  }
  for (const release of ["5.10.0-32-amd64", "5.15.0", "6.1", "10.0.1", "unknown"]) {
    assert.equal(isOlder(release), false, release);
  }
  assert.equal(isOlder("5.4.1", [5, 5]), true);
  assert.equal(isOlder("5.5.0", [5, 5]), false);
});

Deno.test("explainOnOldKernel() names the release only for a call that an old kernel refused", () => {
  const refused = new BpfError("load t", "EINVAL");
  const explained = explainOnOldKernel("t", refused, "5.4.0-26");
  assert.ok(explained instanceof UnsupportedError);
  assert.equal(explained.exitCode, 4);
  assert.equal(
    explained.message,
    "t cannot run on Linux 5.4.0-26, which is older than 5.10: load t: EINVAL.",
  );
  assert.equal(explained.cause, refused);
  assert.equal(explainOnOldKernel("t", refused, "6.1.0"), refused);
  for (const errno of ["EPERM", "ENOMEM", "EMFILE", "ECANCELED"]) {
    const other = new BpfError("load t", errno);
    assert.equal(explainOnOldKernel("t", other, "5.4.0-26"), other);
  }
});
