import assert from "node:assert/strict";
import { download, type Pin, sha256 } from "./pins.ts";

const bytes = new TextEncoder().encode("a package");
const pin: Pin = {
  name: "6.1",
  package: "linux-image-6.1.0-50-cloud-amd64",
  version: "6.1.176-1",
  suite: "bookworm",
  path: "pool/x.deb",
  sha256: await sha256(bytes),
  files: {},
};

Deno.test("download() goes to the next mirror when the first does not have the package", async () => {
  const asked: string[] = [];
  const got = await download(pin, (url) => {
    asked.push(url);
    return asked.length === 1 ? Promise.reject(new Error("HTTP 404")) : Promise.resolve(bytes);
  });
  assert.deepEqual(got, bytes);
  assert.equal(asked.length, 2);
});

Deno.test("download() says which package and how to refresh the pin when the checksum is wrong", async () => {
  const other = { ...pin, sha256: "0".repeat(64) };
  await assert.rejects(
    download(other, () => Promise.resolve(bytes)),
    (error: Error) =>
      error.message.includes(pin.sha256) && error.message.includes("kernels.json") &&
      error.message.includes("6.1.0-50"),
  );
});

Deno.test("download() names every mirror's answer when none has the package", async () => {
  await assert.rejects(
    download(pin, () => Promise.reject(new Error("HTTP 404"))),
    (error: Error) =>
      error.message.includes("is on no mirror") && error.message.split("HTTP 404").length === 4,
  );
});
