/**
 * `ktop --licenses`: the components embedded in the binary, their licences and sources, and the licence texts, which
 * `scripts/build` embeds too. `ktop --version --json`: the version, and the embedded libraries.
 *
 * @module
 */
import { embeddedLibraries, type EmbeddedLibrary } from "../ffi/mod.ts";
import { VERSION } from "./version.ts";

/** A licence text: `licenses/NAME.txt` beside this file. */
type TextName =
  | "mit"
  | "apache-2.0"
  | "bsd-2-clause"
  | "bsd-3-clause"
  | "bsd-3-clause-holder"
  | "isc"
  | "lgpl-3.0"
  | "gpl-3.0"
  | "unicode-3.0"
  | "zlib"
  | "rust-crates";

/** A component embedded in the binary. */
export interface Component {
  readonly name: string;
  /** SPDX expression of the licence it is used under. */
  readonly license: string;
  readonly copyright: readonly string[];
  readonly source: string;
  /** SONAME of a shared library. */
  readonly file?: string;
  /** Further information. */
  readonly note?: string;
}

/** What the binary contains, ktop first. */
export const COMPONENTS: readonly Component[] = [
  {
    name: "ktop",
    license: "MIT (the programs under bpf/: MIT OR GPL-2.0-only)",
    copyright: ["Copyright (c) 2026 ktop contributors"],
    source: "the repository this binary was built from",
  },
  {
    name: "Deno 2.4.2 (the runtime)",
    license: "MIT",
    copyright: [
      "Copyright 2018-2025 the Deno authors",
      "Copyright Joyent, Inc. and other Node contributors (its node: modules)",
    ],
    source: "https://github.com/denoland/deno/tree/v2.4.2",
    note: "Its root certificates are Mozilla's (MPL-2.0, https://www.mozilla.org/MPL/2.0/), unchanged.",
  },
  {
    name: "V8 13.7 (in Deno)",
    license: "BSD-3-Clause",
    copyright: ["Copyright 2014, the V8 project authors. All rights reserved."],
    source: "https://github.com/denoland/rusty_v8/tree/v137.2.1",
  },
  {
    name: "ICU data (in V8)",
    license: "Unicode-3.0",
    copyright: ["Copyright (c) 2016 and later: Unicode, Inc. and others"],
    source: "https://github.com/unicode-org/icu",
  },
  {
    name: "Rust crates (in Deno)",
    license: "MIT, Apache-2.0, BSD-2-Clause, BSD-3-Clause, ISC, Zlib or Unicode-3.0, crate by crate",
    copyright: ["Copyright (c) the authors of each crate"],
    source: "https://crates.io/crates/NAME, named below; exact versions: Cargo.lock of Deno v2.4.2",
  },
  {
    name: "libbpf",
    license: "BSD-2-Clause (offered as LGPL-2.1-only OR BSD-2-Clause)",
    copyright: [
      "Copyright (c) 2013-2015 Alexei Starovoitov, 2015 Wang Nan, 2015 Huawei Inc., 2017 Nicira, Inc.,",
      "2018-2022 Meta Platforms, Inc. and affiliates, 2018-2019 Intel Corporation, 2019 Isovalent, Inc.,",
      "2019 Netronome Systems, Inc., 2003-2013 Thomas Graf",
    ],
    source: "https://github.com/libbpf/libbpf and the Debian source package libbpf",
    file: "libbpf.so.1",
  },
  {
    name: "libelf of elfutils",
    license: "LGPL-3.0-or-later (offered as GPL-2.0-or-later OR LGPL-3.0-or-later)",
    copyright: ["Copyright (C) 1996-2021 Red Hat, Inc. and the other authors of elfutils"],
    source: "https://sourceware.org/elfutils/ and the Debian source package elfutils",
    file: "libelf.so.1",
    note:
      "It is an unmodified shared library, loaded when ktop starts. To use another version, install it as " +
      "libelf.so.1, accept its SHA-256 with KTOP_PINS, and run scripts/build (scripts/README.md).",
  },
  {
    name: "zlib",
    license: "Zlib",
    copyright: ["Copyright (C) 1995-2022 Jean-loup Gailly and Mark Adler"],
    source: "https://zlib.net/ and the Debian source package zlib",
    file: "libz.so.1",
  },
  {
    name: "commander (npm)",
    license: "MIT",
    copyright: ["Copyright (c) 2011 TJ Holowaychuk <tj@vision-media.ca>"],
    source: "https://github.com/tj/commander.js",
  },
  {
    name: "gecko-profiler-demangle (npm)",
    license: "MIT (offered as Apache-2.0 OR MIT)",
    copyright: ["Copyright (c) 2018 Contributors", "Copyright (c) the authors of each crate"],
    source: "https://github.com/mstange/gecko-profiler-demangle",
    note: "It contains the Rust crates cpp_demangle 0.4.4, msvc-demangler 0.11.0, once_cell 1.21.3, " +
      "rustc-demangle 0.1.26 and wasm-bindgen 0.2.100, each used under MIT.",
  },
  {
    name: "get-east-asian-width (npm)",
    license: "MIT",
    copyright: ["Copyright (c) Sindre Sorhus <sindresorhus@gmail.com>"],
    source: "https://github.com/sindresorhus/get-east-asian-width",
  },
  {
    name: "re2js (npm)",
    license: "MIT",
    copyright: ["Copyright (c) 2023 Oleksii Vasyliev"],
    source: "https://github.com/le0pard/re2js",
  },
  {
    name: "smol-toml (npm)",
    license: "BSD-3-Clause",
    copyright: ["Copyright (c) Squirrel Chat et al., All rights reserved."],
    source: "https://github.com/squirrelchat/smol-toml",
  },
];

const TEXTS: readonly (readonly [TextName, string])[] = [
  ["mit", "MIT"],
  ["apache-2.0", "Apache-2.0"],
  ["bsd-2-clause", "BSD-2-Clause"],
  ["bsd-3-clause", "BSD-3-Clause (as used by V8)"],
  ["bsd-3-clause-holder", "BSD-3-Clause (as used by smol-toml)"],
  ["isc", "ISC"],
  ["zlib", "Zlib"],
  ["unicode-3.0", "Unicode-3.0"],
  ["lgpl-3.0", "LGPL-3.0"],
  ["gpl-3.0", "GPL-3.0 (which LGPL-3.0 is a supplement of)"],
  ["rust-crates", "Rust crates whose code is in the runtime"],
];

const RULE = "=".repeat(80);

function describe(component: Component, library: EmbeddedLibrary | undefined): string {
  const lines = [
    component.name,
    `  licence: ${component.license}`,
    ...component.copyright.map((line) => `  ${line}`),
    `  source:  ${component.source}`,
  ];
  if (library) {
    lines.push(`  version: ${library.version} (${library.origin})`, `  sha256:  ${library.sha256}`);
  }
  if (component.note !== undefined) lines.push(`  ${component.note}`);
  return lines.join("\n");
}

function readText(name: string): string {
  return Deno.readTextFileSync(new URL(`../../src/cli/licenses/${name}.txt`, import.meta.url));
}

/** Where the texts come from; tests replace both. */
interface Sources {
  /** Reads a licence text by its name without ".txt"; by default from the files beside this module. */
  readonly read?: (name: string) => string;
  readonly libraries?: readonly EmbeddedLibrary[];
}

/** The output of `ktop --licenses`, ending in a newline: the components, then the licence texts. */
export function licensesText({ read = readText, libraries = embeddedLibraries() }: Sources = {}): string {
  const parts = COMPONENTS.map((component) =>
    describe(component, libraries.find(({ file }) => file === component.file))
  );
  for (const [name, title] of TEXTS) {
    parts.push(`${RULE}\n${title}\n${RULE}\n\n${read(name).replace(/^\n+|\s+$/g, "")}`);
  }
  return parts.join("\n\n") + "\n";
}

/** The output of `ktop --version --json`: one line with the version and, in loading order, the embedded libraries. */
export function versionJson(libraries = embeddedLibraries()): string {
  const list = libraries.map(({ file, version, origin, sha256 }) => {
    const { name, license, source } = COMPONENTS.find((component) => component.file === file)!;
    return { name, version, file, license, source, origin, sha256 };
  });
  return JSON.stringify({ version: VERSION, libraries: list }) + "\n";
}
