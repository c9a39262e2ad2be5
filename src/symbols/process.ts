/**
 * The files of a process whose addresses are named, as the process sees them. Nothing throws: what cannot be read is absent.
 *
 * @module
 */
import { inodeOf, ReadOnlyFile } from "../ffi/mod.ts";
import { parseElf, type Source, sourceOf } from "./elf.ts";
import { type Mapping, parseGeneration, parseIdentity, parseMappings } from "./mappings.ts";
import { countUpTo } from "./numbers.ts";

/** Bytes read of a file of /proc: 100,000 mappings. */
const MAX_PROC_BYTES = 16 * 1024 * 1024;
const BYTES_PER_READ = 65_536;
/** The vdso has a few pages. */
const MAX_VDSO_BYTES = 65_536;

/** The text of a file of /proc; empty if it cannot be read. Bytes that are not UTF-8 are replaced. */
function procText(path: string): string {
  using file = ReadOnlyFile.openProc(path);
  const decoder = new TextDecoder();
  let text = "";
  for (let at = 0; file !== null && at < MAX_PROC_BYTES;) {
    const bytes = file.read(at, BYTES_PER_READ);
    if (bytes.length === 0) break;
    text += decoder.decode(bytes, { stream: true });
    at += bytes.length;
  }
  return text;
}

/** Identifies the program that a process runs; null: it has ended. */
export function generationOf(pid: number): string | null {
  return parseGeneration(procText(`/proc/${pid}/stat`));
}

/** The file if `accepts` it, else null and the file is closed. */
function only(file: ReadOnlyFile | null, accepts: (file: ReadOnlyFile) => boolean): ReadOnlyFile | null {
  if (file === null || accepts(file)) return file;
  file[Symbol.dispose]();
  return null;
}

/** A process, with the mappings that it had when this object was made. */
export class Process {
  readonly #pid: number;
  readonly #mappings: readonly Mapping[];
  #root: string | undefined;

  constructor(pid: number) {
    this.#pid = pid;
    this.#mappings = parseMappings(procText(`/proc/${pid}/maps`));
  }

  /** Whether its mappings could be read. */
  get hasCode(): boolean {
    return this.#mappings.length > 0;
  }

  /** The executable mapping that contains an address. */
  mappingOf(address: number): Mapping | null {
    const count = countUpTo(address, this.#mappings.length, (index) => this.#mappings[index]!.start);
    const mapping = this.#mappings[count - 1];
    return mapping !== undefined && address < mapping.end ? mapping : null;
  }

  /** A mapped file. */
  open({ range, path }: Mapping): ReadOnlyFile | null {
    // The link leads to the mapped file itself, whatever its path is by now. It needs CAP_CHECKPOINT_RESTORE.
    const mapped = ReadOnlyFile.openLink(`/proc/${this.#pid}/map_files/${range}`);
    if (mapped !== null || path.endsWith(" (deleted)")) return mapped;
    return ReadOnlyFile.openInRoot(this.#pathRoot(), path, "none");
  }

  /**
   * Where the paths in /proc/PID/maps start: in ktop's mount namespace at ktop's root, also after chroot(2); in another one at
   * its root, which is usually the process's.
   */
  #pathRoot(): string {
    const shares = () => inodeOf(`/proc/${this.#pid}/ns/mnt`) === inodeOf("/proc/self/ns/mnt");
    return this.#root ??= shares() ? "/" : `/proc/${this.#pid}/root`;
  }

  /** The debug information of the file with this build-id, which ktop's file system has, or the process's. */
  openDebugFile(buildId: string): ReadOnlyFile | null {
    const path = `/usr/lib/debug/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
    const openIn = (root: string) =>
      only(ReadOnlyFile.openInRoot(root, path, "inside"), (file) => parseElf(file)?.buildId === buildId);
    return openIn("/") ?? openIn(`/proc/${this.#pid}/root`);
  }

  /** The file in which a just-in-time compiler of this process lists its functions, if it belongs to the process's user. */
  openPerfMap(): ReadOnlyFile | null {
    const identity = parseIdentity(procText(`/proc/${this.#pid}/status`));
    if (identity === null) return null;
    const path = `/tmp/perf-${identity.pid}.map`;
    const file = ReadOnlyFile.openInRoot(`/proc/${this.#pid}/root`, path, "not last");
    return only(file, ({ status }) => status.owner === identity.user);
  }

  /** The code that the kernel maps into a process. */
  vdso({ start, end }: Mapping): Source | null {
    using memory = ReadOnlyFile.openProc(`/proc/${this.#pid}/mem`);
    const bytes = memory?.read(start, Math.min(end - start, MAX_VDSO_BYTES));
    return bytes === undefined ? null : sourceOf(bytes);
  }
}
