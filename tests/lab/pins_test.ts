import assert from "node:assert/strict";
import { architectureOf, baseUrls, download, kernels, type Pin, sha256, versionOf } from "./pins.ts";

const bytes = new TextEncoder().encode("a package");
const mirrors = ["http://a/", "http://b/", "http://c/"];
const pin: Pin = {
  name: "6.1",
  package: "linux-image-6.1.0-50-cloud-amd64",
  version: "6.1.176-1",
  suite: "bookworm",
  path: "pool/x.deb",
  sha256: await sha256(bytes),
  files: {},
};

Deno.test("download() tries the next mirror when the first does not have the package", async () => {
  const asked: string[] = [];
  const got = await download(pin, mirrors, (url) => {
    asked.push(url);
    return asked.length === 1 ? Promise.reject(new Error("HTTP 404")) : Promise.resolve(bytes);
  });
  assert.deepEqual(got, bytes);
  assert.deepEqual(asked, ["http://a/pool/x.deb", "http://b/pool/x.deb"]);
});

Deno.test("download() names the checksum, the package and the file with the pin when the checksum is wrong", async () => {
  const other = { ...pin, sha256: "0".repeat(64) };
  await assert.rejects(
    download(other, mirrors, () => Promise.resolve(bytes)),
    (error: Error) =>
      error.message.includes(pin.sha256) && error.message.includes("kernels.json") &&
      error.message.includes("6.1.0-50"),
  );
});

Deno.test("download() reports the error of every mirror when none has the package", async () => {
  await assert.rejects(
    download(pin, mirrors, () => Promise.reject(new Error("HTTP 404"))),
    (error: Error) =>
      error.message.includes("is on no mirror") && error.message.includes("KTOP_DEBIAN_MIRRORS") &&
      error.message.split("HTTP 404").length === 4,
  );
});

Deno.test("baseUrls() returns each HTTP mirror of a list once, with a slash at its end", () => {
  assert.deepEqual(
    baseUrls("http://a/debian/\nhttp://a/debian/\nfile:/media\nhttps://b/debian  http://a/debian\n"),
    [
      "http://a/debian/",
      "https://b/debian/",
    ],
  );
  assert.deepEqual(baseUrls(""), []);
});

Deno.test("versionOf() and architectureOf() split the name of each kernel", () => {
  assert.deepEqual([versionOf("6.1"), versionOf("arm64-6.1"), versionOf("native")], ["6.1", "6.1", "native"]);
  for (const { name, machine, package: debian } of kernels) {
    assert.equal(architectureOf(name), machine);
    assert.equal(debian.endsWith("-arm64"), machine === "aarch64", name);
    assert.equal(versionOf(name) !== name, machine === "aarch64", name);
  }
  assert.equal(architectureOf("native"), Deno.build.arch);
});
