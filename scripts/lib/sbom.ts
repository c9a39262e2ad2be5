/**
 * The software bill of materials (SBOM) of dist/ktop in SPDX 2.3, printed on standard output.
 *
 *     sbom.ts VERSION-FILE SHA256 TIME   the output of `ktop --version --json`; SHA-256 of dist/ktop; seconds since 1970
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type Component, COMPONENTS } from "../../src/cli/licenses.ts";
import type { EmbeddedLibrary } from "../../src/ffi/mod.ts";
import { type Lock, programLock } from "./locks.ts";

/** What an SBOM is made of. */
export interface Materials {
  readonly version: string;
  /** SHA-256 of the binary. */
  readonly sha256: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly libraries: readonly EmbeddedLibrary[];
  readonly lock: Lock;
}

const NONE = "NOASSERTION";

/** The SPDX expression at the start of a text; the rest goes to licenseComments. */
export function licenseExpression(text: string): string {
  return /^[\w.+-]+(?: (?:AND|OR) [\w.+-]+)*(?= \(|$)/.exec(text)?.[0] ?? NONE;
}

/** "V8 13.7 (in Deno)" → "V8", "13.7" */
function nameAndVersion(title: string): { name: string; version: string | undefined } {
  const [, name, version] = /^(.+?)(?: v?(\d[\w.]*))?(?: \(.+\))?$/.exec(title)!;
  return { name: name!, version };
}

/** The npm package of a component's title: "commander (npm)". */
const npmName = (title: string): string | undefined => /^(\S+) \(npm\)$/.exec(title)?.[1];

/** The hexadecimal form of the checksum of an npm archive. */
const hexOf = (integrity: string): string =>
  Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex");

function npmPackage(name: string, lock: Lock) {
  const id = Object.keys(lock.npm).find((key) => key.startsWith(`${name}@`));
  if (id === undefined) throw new Error(`${name} is a component but not in deno.lock`);
  const version = id.slice(name.length + 1);
  return {
    versionInfo: version,
    checksums: [{ algorithm: "SHA512", checksumValue: hexOf(lock.npm[id]!.integrity!) }],
    externalRefs: [{
      referenceCategory: "PACKAGE-MANAGER",
      referenceType: "purl",
      referenceLocator: `pkg:npm/${name}@${version}`,
    }],
  };
}

/** The Debian package that a library's file comes from: "Debian-12:libbpf1=1:1.1.2-0+deb12u1". */
function libraryPackage({ version, sha256, origin }: EmbeddedLibrary) {
  const identity = { versionInfo: version, checksums: [{ algorithm: "SHA256", checksumValue: sha256 }] };
  const match = /^Debian-(\d+):([^=]+)=(.+)$/.exec(origin);
  if (match === null) return identity;
  const [, release, name, debianVersion] = match;
  return {
    ...identity,
    externalRefs: [{
      referenceCategory: "PACKAGE-MANAGER",
      referenceType: "purl",
      referenceLocator: `pkg:deb/debian/${name}@${
        encodeURIComponent(debianVersion!)
      }?distro=debian-${release}`,
    }],
  };
}

/** Version, checksums and package of a component, as far as they are known. */
function identityOf(component: Component, used: Lock, { version, sha256, libraries }: Materials) {
  const npm = npmName(component.name);
  if (npm !== undefined) return npmPackage(npm, used);
  const library = libraries.find(({ file }) => file === component.file);
  if (library !== undefined) return libraryPackage(library);
  const title = nameAndVersion(component.name);
  if (title.name === "ktop") {
    return { versionInfo: version, checksums: [{ algorithm: "SHA256", checksumValue: sha256 }] };
  }
  return title.version === undefined ? {} : { versionInfo: title.version };
}

/** The SBOM as an SPDX document. @throws {Error} deno.lock and COMPONENTS disagree */
export function sbom(materials: Materials) {
  const { version, sha256, time, lock } = materials;
  const used = programLock(lock);
  const listed = new Set(COMPONENTS.map(({ name }) => npmName(name)));
  for (const id of Object.keys(used.npm)) {
    const name = id.slice(0, id.lastIndexOf("@"));
    if (!listed.has(name)) throw new Error(`${name} is in the binary but not in ktop --licenses`);
  }
  const packages = COMPONENTS.map((component) => {
    const { name } = nameAndVersion(component.name);
    const license = licenseExpression(component.license);
    return {
      name,
      SPDXID: `SPDXRef-${name.replace(/[^A-Za-z0-9.]+/g, "-")}`,
      ...identityOf(component, used, materials),
      downloadLocation: /^https:\/\/\S+(?= |$)/.exec(component.source)?.[0] ?? NONE,
      filesAnalyzed: false,
      licenseConcluded: license,
      licenseDeclared: license,
      licenseComments: component.license,
      copyrightText: component.copyright.join("\n"),
    };
  });
  const [ktop, ...contained] = packages;
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `ktop-${version}`,
    documentNamespace: `urn:ktop:${version}:${sha256}`,
    creationInfo: {
      created: new Date(time * 1000).toISOString().replace(/\.\d+Z$/, "Z"),
      creators: ["Tool: scripts/package"],
    },
    packages,
    relationships: [
      {
        spdxElementId: "SPDXRef-DOCUMENT",
        relationshipType: "DESCRIBES",
        relatedSpdxElement: ktop!.SPDXID,
      },
      ...contained.map(({ SPDXID }) => ({
        spdxElementId: ktop!.SPDXID,
        relationshipType: "CONTAINS",
        relatedSpdxElement: SPDXID,
      })),
    ],
  };
}

if (import.meta.main) {
  const [file, sha256, time] = Deno.args;
  const { version, libraries } = JSON.parse(Deno.readTextFileSync(file!));
  const lock: Lock = JSON.parse(Deno.readTextFileSync(new URL("../../deno.lock", import.meta.url)));
  console.log(
    JSON.stringify(sbom({ version, sha256: sha256!, time: Number(time), libraries, lock }), null, 2),
  );
}
