/**
 * Compiles the lab's C programs and packs what a guest needs into one archive: busybox, the agent, `dist/ktop`, workloads,
 * bpftool, mkfs.xfs, the peers, modules of kernels, and the shared libraries that any of them names.
 *
 * @module
 */
import { cpio, type Entry } from "./cpio.ts";
import { exists, LabError, peers, run } from "./pins.ts";

const here = new URL(".", import.meta.url).pathname;

/** Paths of what the lab made. */
export interface Built {
  /** Directory of the static programs (the agent, withcaps, the workloads) and a link to ktop: natively it goes into PATH. */
  readonly programs: string;
  /** The archive. */
  readonly initramfs: string;
}

/** Compiles every program of `tests/lab/guest` and `tests/workloads` that is older than its sources, into `directory`. */
export async function buildPrograms(directory: string): Promise<string[]> {
  await Deno.mkdir(directory, { recursive: true });
  const header = await modified(`${here}../workloads/workload.h`);
  const names: string[] = [];
  for (const folder of ["guest", "../workloads"]) {
    for await (const { name } of Deno.readDir(here + folder)) {
      if (!name.endsWith(".c")) continue;
      const source = `${here}${folder}/${name}`, target = `${directory}/${name.slice(0, -2)}`;
      names.push(name.slice(0, -2));
      if (await modified(target) > Math.max(header, await modified(source))) continue;
      await run("gcc", ["-static", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", target, source]);
    }
  }
  return names.sort();
}

/** What {@linkcode build} packs beside the lab's own programs. */
export interface Contents {
  /** Path of the executable that is tried. */
  readonly ktop: string;
  /** Holds the unpacked peers. */
  readonly peerDirectory: string;
  /** Modules of kernels: path in the guest → path here. */
  readonly modules: ReadonlyMap<string, string>;
}

/** Packs everything. Throws {@linkcode LabError} when something is missing. */
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
    bytes: await Deno.readFile(`${here}guest/init.sh`),
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

/** Absolute paths of the shared libraries and the loader that an executable needs, as ldd prints them. */
async function librariesOf(path: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("ldd", { args: [path], stderr: "null" }).output();
  const text = new TextDecoder().decode(stdout);
  const absent = /^\s*(\S+) => not found/m.exec(text);
  if (absent) throw new LabError(`${path} needs ${absent[1]}, which this machine does not have`);
  return text.match(/\/\S+/g)?.filter((word) => !word.endsWith(":")) ?? [];
}

async function modified(path: string): Promise<number> {
  return await Deno.stat(path).then(({ mtime }) => mtime?.getTime() ?? 0, () => 0);
}

async function require(path: string, remedy: string): Promise<string> {
  if (!await exists(path)) throw new LabError(`${path} is missing: ${remedy}`);
  return path;
}
