/**
 * Compiles the C programs and packs all that a guest needs into one archive: busybox, the agent, `dist/ktop`, the workloads,
 * bpftool, mkfs.xfs, the peers, kernel modules, and the shared libraries of all these.
 *
 * @module
 */
import { join } from "node:path";
import { compilerOptions } from "../support/workload.ts";
import { cpio, type Entry } from "./cpio.ts";
import { exists, LabError, peers, run } from "./pins.ts";

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

/** Compiles the programs of `guest` and `tests/workloads` whose sources are newer, into `directory`. Returns all names. */
export async function buildPrograms(directory: string): Promise<string[]> {
  await Deno.mkdir(directory, { recursive: true });
  const headers = await newest(WORKLOADS, ".h");
  const names: string[] = [];
  for (const folder of [GUEST, WORKLOADS]) {
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(".c")) continue;
      const source = `${folder}/${name}`, target = `${directory}/${name.slice(0, -2)}`;
      names.push(name.slice(0, -2));
      if (await modified(target) > Math.max(headers, await modified(source))) continue;
      await run("gcc", [...compilerOptions(name.slice(0, -2)), "-static", "-o", target, source]);
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

/** Builds everything into `directory`. Throws {@linkcode LabError} when something is missing. */
export async function build(directory: string, options: Contents): Promise<Built> {
  const programs = `${directory}/bin`;
  const names = await buildPrograms(programs);
  const binaries = new Map<string, string>([
    ["ktop", await require(options.ktop, "run scripts/build")],
    ["busybox", await require("/bin/busybox", "install the package busybox-static")],
    ["bpftool", await require("/usr/sbin/bpftool", "install the package bpftool")],
    ["mkfs.xfs", await require("/usr/sbin/mkfs.xfs", "install the package xfsprogs")],
    ...names.map((name): [string, string] => [name, `${programs}/${name}`]),
    ...Object.keys(peers.files).map((
      name,
    ): [string, string] => [`peer-${name}`, `${options.peerDirectory}/${name}`]),
  ]);
  await Deno.remove(`${programs}/ktop.part`).catch(() => {});
  await Deno.symlink(options.ktop, `${programs}/ktop.part`);
  await Deno.rename(`${programs}/ktop.part`, `${programs}/ktop`);
  const initramfs = `${directory}/initramfs.cpio`;
  const file = await Deno.create(`${initramfs}.part`);
  const writer = file.writable.getWriter();
  for (const part of cpio(await entries(binaries, options.modules))) await writer.write(part);
  await writer.close();
  await Deno.rename(`${initramfs}.part`, initramfs);
  return { programs, initramfs };
}

async function entries(
  binaries: ReadonlyMap<string, string>,
  modules: ReadonlyMap<string, string>,
): Promise<Entry[]> {
  const files: Entry[] = [];
  for (const [path, source] of modules) {
    files.push({ kind: "file", path, bytes: await Deno.readFile(source), executable: false });
  }
  const libraries = new Set<string>();
  for (const [name, path] of binaries) {
    files.push({ kind: "file", path: `bin/${name}`, bytes: await Deno.readFile(path), executable: true });
    for (const library of await librariesOf(path)) libraries.add(library);
  }
  for (const library of libraries) {
    files.push({
      kind: "file",
      path: library.slice(1),
      bytes: await Deno.readFile(library),
      executable: true,
    });
  }
  files.push({
    kind: "file",
    path: "init",
    bytes: await Deno.readFile(`${GUEST}/init.sh`),
    executable: true,
  });
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
