import assert from "node:assert/strict";
import { licenseExpression, type Materials, sbom } from "./sbom.ts";

const ORIGIN = "Debian-12:libbpf1=1:1.1.2-0+deb12u1";
const library = {
  name: "libbpf",
  file: "libbpf.so.1",
  version: "1.1.2",
  license: "",
  source: "",
  origin: ORIGIN,
};

/** The program of a lock file with these npm packages. */
const materials = (packages: readonly string[]): Materials => ({
  version: "1.2.3",
  sha256: "ab".repeat(32),
  time: 1_700_000_000,
  libraries: [{ ...library, sha256: "cd".repeat(32) }],
  lock: {
    specifiers: Object.fromEntries(packages.map((name) => [`npm:${name}@1.0.0`, "1.0.0"])),
    npm: Object.fromEntries(packages.map((name) => [`${name}@1.0.0`, { integrity: "sha512-AQID" }])),
    workspace: { dependencies: packages.map((name) => `npm:${name}@1.0.0`) },
  },
});

const USED = ["commander", "gecko-profiler-demangle", "get-east-asian-width", "re2js", "smol-toml"];

Deno.test("sbom() lists each component once, with its checksum, and ktop contains all others", () => {
  const { packages, relationships, creationInfo } = sbom(materials(USED));
  const ids = packages.map(({ SPDXID }) => SPDXID);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^SPDXRef-[A-Za-z0-9.-]+$/);
  const [described, ...contained] = relationships;
  assert.deepEqual([described!.relationshipType, described!.relatedSpdxElement], [
    "DESCRIBES",
    "SPDXRef-ktop",
  ]);
  assert.deepEqual(contained.map(({ relatedSpdxElement }) => relatedSpdxElement), ids.slice(1));
  const named = (name: string) => packages.find((one) => one.name === name) as Record<string, unknown>;
  assert.deepEqual(named("ktop").checksums, [{ algorithm: "SHA256", checksumValue: "ab".repeat(32) }]);
  assert.deepEqual(named("libbpf").checksums, [{ algorithm: "SHA256", checksumValue: "cd".repeat(32) }]);
  assert.deepEqual(named("commander").checksums, [{ algorithm: "SHA512", checksumValue: "010203" }]);
  assert.deepEqual(named("V8").versionInfo, "13.7");
  assert.equal(creationInfo.created, "2023-11-14T22:13:20Z");
});

Deno.test("sbom() has package URLs for npm and Debian packages", () => {
  const text = JSON.stringify(sbom(materials(USED)));
  for (
    const url of ["pkg:npm/re2js@1.0.0", "pkg:deb/debian/libbpf1@1%3A1.1.2-0%2Bdeb12u1?distro=debian-12"]
  ) {
    assert.ok(text.includes(JSON.stringify(url)), url);
  }
});

Deno.test("sbom() refuses a package of the program that ktop --licenses does not list", () => {
  assert.throws(
    () => sbom(materials([...USED, "unknown"])),
    /unknown is in the binary but not in ktop --licenses/,
  );
  assert.throws(() => sbom(materials(USED.slice(1))), /commander is a component but not in deno.lock/);
});

Deno.test("licenseExpression() is the expression at the start, and NOASSERTION for a list in words", () => {
  assert.equal(licenseExpression("MIT (the programs: MIT OR GPL-2.0-only)"), "MIT");
  assert.equal(licenseExpression("GPL-2.0-only OR MIT"), "GPL-2.0-only OR MIT");
  assert.equal(licenseExpression("MIT, ISC or Zlib, crate by crate"), "NOASSERTION");
});
