import assert from "node:assert/strict";
import { kernelDevice } from "../../bpf/mod.ts";
import { deviceName, kernelDeviceOfStat } from "./mounts.ts";

Deno.test("deviceName() inverts kernelDevice()", () => {
  assert.equal(deviceName(kernelDevice(254, 1_048_575)), "254:1048575");
  assert.equal(deviceName(kernelDevice(4095, 3)), "4095:3");
});

Deno.test("kernelDeviceOfStat() decodes glibc's encoding, with minors above 255", () => {
  assert.equal(deviceName(kernelDeviceOfStat(2065n)), "8:17");
  assert.equal(deviceName(kernelDeviceOfStat(0x11110370n)), "259:70000");
});
