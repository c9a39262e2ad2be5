/**
 * Compiles the C programs and packs all that a guest needs into one archive: busybox, the agent, ktop, the workloads, bpftool,
 * the peers, kernel modules, and the shared libraries of all these. An x86-64 guest has `dist/ktop`, mkfs.xfs, and programs and
 * libraries of this machine; an arm64 guest has ktop's bundle and Deno, and programs and libraries of Debian packages.
 *
 * @module
 */
import { join } from "node:path";
import { compilerOptions } from "../support/workload.ts";
import { cpio, type Entry } from "./cpio.ts";
import { type Architecture, exists, LabError, peers, run } from "./pins.ts";

const ROOT = join(import.meta.dirname!, "../..");
/** The folders of the C programs, and what guests start. */
const GUEST = join(import.meta.dirname!, "guest");
const WORKLOADS = join(import.meta.dirname!, "../workloads");

/** Paths of the built files. */
export interface Built {
  /** Directory of the static programs (agent, withcaps, workloads) and a link to ktop; native cases have it in PATH. */
  readonly programs: string;
  /** The archive. */
  readonly initramfs: string;
}

const COMPILERS: Readonly<Record<Architecture, string>> = {
  x86_64: "gcc",
  aarch64: "aarch64-linux-gnu-gcc",
};

/** Compiles the programs of `guest` and `tests/workloads` whose sources are newer, into `directory`. Returns all names. */
async function buildPrograms(directory: string, architecture: Architecture): Promise<string[]> {
  await Deno.mkdir(directory, { recursive: true });
  const headers = await newest(WORKLOADS, ".h");
  const names: string[] = [];
  for (const folder of [GUEST, WORKLOADS]) {
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(".c") || (architecture === "aarch64" && name.endsWith("32.c"))) continue;
      const source = `${folder}/${name}`, target = `${directory}/${name.slice(0, -2)}`;
      names.push(name.slice(0, -2));
      if (await modified(target) > Math.max(headers, await modified(source))) continue;
      await run(COMPILERS[architecture], [
        ...compilerOptions(name.slice(0, -2)),
        "-static",
        "-o",
        target,
        source,
      ]);
    }
  }
  return names.sort();
}

/** What {@linkcode build} packs besides the programs of the lab. */
export interface Contents {
  /** Path of the ktop to test. */
  readonly ktop: string;
  /** Directory of the unpacked peers. */
  readonly peerDirectory: string;
  /** Kernel modules: path in the guest → path here. */
  readonly modules: ReadonlyMap<string, string>;
}

/** Builds all that x86-64 guests need into `directory`. Throws {@linkcode LabError} when something is missing. */
export async function build(directory: string, options: Contents): Promise<Built> {
  const programs = `${directory}/bin`;
  const names = await buildPrograms(programs, "x86_64");
  const binaries = new Map<string, string>([
    ["ktop", await require(options.ktop, "run scripts/build")],
    ["busybox", await require("/bin/busybox", "install the package busybox-static")],
    ["bpftool", await require("/usr/sbin/bpftool", "install the package bpftool")],
    ["mkfs.xfs", await require("/usr/sbin/mkfs.xfs", "install the package xfsprogs")],
    ...programsOf(names, programs),
    ...peerPrograms(options.peerDirectory),
  ]);
  await Deno.remove(`${programs}/ktop.part`).catch(() => {});
  await Deno.symlink(options.ktop, `${programs}/ktop.part`);
  await Deno.rename(`${programs}/ktop.part`, `${programs}/ktop`);
  const libraries = new Map<string, string>();
  for (const path of binaries.values()) {
    for (const library of await librariesOf(path)) libraries.set(library.slice(1), library);
  }
  const initramfs = `${directory}/initramfs.cpio`;
  await pack(initramfs, { binaries, libraries, others: options.modules });
  return { programs, initramfs };
}

/** What {@linkcode buildArm64} packs besides the programs of the lab. */
export interface Arm64Contents extends Omit<Contents, "ktop"> {
  /** The directory with ktop's bundle, objects and libraries, and `deno` (scripts/lib/lab.sh). */
  readonly tree: string;
  /** The other programs and libraries, by name. */
  readonly files: ReadonlyMap<string, string>;
}

/** Where the cross compiler's C library is. */
const CROSS_LIBRARIES = "/usr/aarch64-linux-gnu/lib";

/** Builds all that arm64 guests need into `directory`. */
export async function buildArm64(directory: string, options: Arm64Contents): Promise<Built> {
  const { tree, files } = options;
  const programs = `${directory}/bin`;
  const names = await buildPrograms(programs, "aarch64");
  const binaries = new Map<string, string>([
    ["ktop", `${GUEST}/ktop.sh`],
    ["deno", `${tree}/deno`],
    ...[...files].filter(([name]) => !name.includes(".so")),
    ...programsOf(names, programs),
    ...peerPrograms(options.peerDirectory),
  ]);
  const others = new Map(options.modules);
  const parts = [
    ...["program", "objects", "lib", "native"].map((name) => [tree, `build/${name}`] as const),
    ...["licenses", "demo"].map((name) => [ROOT, `src/cli/${name}`] as const),
  ];
  for (const [from, part] of parts) {
    for (const path of filesBelow(`${from}/${part}`)) others.set(`ktop/${path.slice(from.length + 1)}`, path);
  }
  const libraries = new Map<string, string>();
  const add = async (path: string): Promise<void> => {
    for (const name of await neededLibraries(path)) {
      const target = name.startsWith("ld-") ? `lib/${name}` : `lib/aarch64-linux-gnu/${name}`;
      if (libraries.has(target)) continue;
      const places = [files.get(name), `${tree}/build/lib/${name}`, `${CROSS_LIBRARIES}/${name}`];
      const found = (await Promise.all(places.map(async (place) =>
        place && await exists(place) ? place : null
      )))
        .find((place) => place !== null);
      if (!found) throw new LabError(`${path} needs ${name}, which is in no package for arm64 guests`);
      libraries.set(target, found);
      await add(found);
    }
  };
  for (const [name, path] of binaries) if (name !== "ktop") await add(path);
  const initramfs = `${directory}/initramfs.cpio`;
  await pack(initramfs, { binaries, libraries, others });
  return { programs, initramfs };
}

const programsOf = (names: readonly string[], directory: string): [string, string][] =>
  names.map((name) => [name, `${directory}/${name}`]);

const peerPrograms = (directory: string): [string, string][] =>
  Object.keys(peers.files).map((name) => [`peer-${name}`, `${directory}/${name}`]);

function filesBelow(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${directory}/${name}`) : [`${directory}/${name}`]
  );
}

/** The names of the shared libraries and the loader that an ELF file names. */
async function neededLibraries(path: string): Promise<string[]> {
  const output = new TextDecoder().decode(await run("llvm-readelf", ["--needed-libs", path]));
  return output.split("\n").map((line) => line.trim()).filter((line) => line.includes(".so"));
}

/** Paths here of what goes into the archive. */
interface Packed {
  /** By name in /bin. */
  readonly binaries: ReadonlyMap<string, string>;
  /** By path in the guest. */
  readonly libraries: ReadonlyMap<string, string>;
  readonly others: ReadonlyMap<string, string>;
}

async function pack(initramfs: string, packed: Packed): Promise<void> {
  const file = await Deno.create(`${initramfs}.part`);
  const writer = file.writable.getWriter();
  for (const part of cpio(await entries(packed))) await writer.write(part);
  await writer.close();
  await Deno.rename(`${initramfs}.part`, initramfs);
}

async function entries({ binaries, libraries, others }: Packed): Promise<Entry[]> {
  const files: Entry[] = [];
  const add = async (path: string, source: string, executable = true): Promise<void> => {
    files.push({ kind: "file", path, bytes: await Deno.readFile(source), executable });
  };
  for (const [path, source] of others) await add(path, source, source.includes("/native/"));
  for (const [name, source] of binaries) await add(`bin/${name}`, source);
  for (const [path, source] of libraries) await add(path, source);
  await add("init", `${GUEST}/init.sh`);
  const applets = new TextDecoder().decode(await run("/bin/busybox", ["--list"])).trim().split("\n");
  for (const applet of applets.filter((name) => !binaries.has(name))) {
    files.push({ kind: "link", path: `bin/${applet}`, target: "busybox" });
  }
  const directories = new Set(["dev", "proc", "sys", "tmp", "root", "etc"]);
  for (const { path } of files) {
    for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
      directories.add(path.slice(0, at));
    }
  }
  return [...[...directories].map((path): Entry => ({ kind: "directory", path })), ...files];
}

/** Paths of the shared libraries and the loader of an executable, as ldd(1) prints them. */
async function librariesOf(path: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("ldd", { args: [path], stderr: "null" }).output();
  const text = new TextDecoder().decode(stdout);
  const absent = /^\s*(\S+) => not found/m.exec(text);
  if (absent) throw new LabError(`${path} needs ${absent[1]}, which is not installed`);
  return text.match(/\/\S+/g)?.filter((word) => !word.endsWith(":")) ?? [];
}

async function modified(path: string): Promise<number> {
  return await Deno.stat(path).then(({ mtime }) => mtime?.getTime() ?? 0, () => 0);
}

/** When the newest file with this ending in a folder was changed. */
async function newest(folder: string, ending: string): Promise<number> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(ending));
  return Math.max(...await Promise.all(names.map((name) => modified(`${folder}/${name}`))));
}

async function require(path: string, remedy: string): Promise<string> {
  if (!await exists(path)) throw new LabError(`${path} is missing: ${remedy}`);
  return path;
}
