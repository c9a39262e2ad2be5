/**
 * Shared by the tools on block requests: tracepoints, disks, operations. Source: bpf/lib/block.bpf.h.
 *
 * @module
 */
import { type Hook, kernelDevice, loadBtf, pageSize, type VmlinuxBtf } from "../../bpf/mod.ts";
import { KtopError } from "../../errors.ts";
import type { Flag } from "../../model/mod.ts";
import { escapeText, shownValue } from "../../text/mod.ts";
import type { Constants, ToolOptions } from "../tool.ts";
import { filterConstants } from "./filter.ts";
import { tracepoints } from "./hooks.ts";
import { deviceName, exists } from "./mounts.ts";

/** Completions first: then no request is traced at its issue but not at its completion. */
const REQUEST = [
  "block_rq_complete",
  "block_rq_complete_nested",
  "block_rq_merge",
  "block_rq_requeue",
  "block_rq_issue",
  "block_rq_insert",
];

/** The hooks that trace a request, and the one that identifies the thread that made it. */
export const BLOCK_HOOKS: readonly Hook[] = [
  {
    name: "block_rq_issue",
    tiers: { tracepoint: [tracepoints("btf", REQUEST), tracepoints("raw", REQUEST)] },
  },
  {
    name: "block_io_start",
    tiers: {
      tracepoint: (["btf", "raw"] as const).flatMap((kind) => [
        tracepoints(kind, ["block_io_start"]),
        { ...tracepoints(kind, ["block_getrq"]), constants: { made_by_bio: true } },
      ]),
    },
  },
];

/** The same, with the hook that records the threads which dirty pages (bpf/lib/block_file.bpf.h). */
export const BLOCK_FILE_HOOKS: readonly Hook[] = [
  ...BLOCK_HOOKS,
  {
    name: "writeback_dirty_folio",
    optional: "the processes that dirtied the pages which are written back",
    tiers: {
      tracepoint: ["folio", "page"].map((kind) => ({ all: [`writeback_dirty_${kind}__tracepoint`] })),
    },
  },
];

/** `-d`: requests for one disk. */
export const DISK: Flag = {
  name: "disk",
  letter: "d",
  kind: "text",
  argument: "DISK",
  description: "only this disk: vda, nvme0n1",
};

const SEES_REQUESTS =
  "sees requests: drivers without requests (zram, device mapper, md) appear as the disks below them; ";

const MISSED =
  "the kernel's own flushes to no thread; a request whose completion the kernel does not report counts as lost once its " +
  "memory is used again";

/** Limits of the tracepoint tier. */
export const BLOCK_CAVEAT =
  `${SEES_REQUESTS}writes from the page cache are attributed to the thread that writes back, and ${MISSED}`;

/** Limits of the tracepoint tier for tools with files and writers. */
export const BLOCK_FILE_CAVEAT =
  `${SEES_REQUESTS}only pages of the page cache have a file: not direct I/O, swap, metadata, or data that the file system ` +
  "compresses or encrypts; who wrote is unknown for pages that were dirty before ktop started and for requests with pages of " +
  `several processes: these are attributed to the thread that writes back, and ${MISSED}`;

/** The device number of a disk. Throws KtopError if there is no such disk. */
function diskNumber(name: string): number {
  // sysfs has "!" for a "/" in a name.
  const folder = `/sys/class/block/${name.replace(/^\/dev\//, "").replaceAll("/", "!")}`;
  let text: string;
  try {
    text = Deno.readTextFileSync(`${folder}/dev`);
  } catch {
    const disks = [...Deno.readDirSync("/sys/block")].map((entry) => entry.name).sort();
    throw new KtopError(`There is no disk ${shownValue(name) || '""'}.`, {
      remedy: `Disks: ${disks.map(escapeText).join(", ")}.`,
    });
  }
  if (exists(`${folder}/partition`)) {
    const disk = escapeText(Deno.realPathSync(folder).split("/").at(-2)!);
    throw new KtopError(`${shownValue(name)} is a partition, but requests are counted by disk.`, {
      remedy: `Use its disk, ${disk}.`,
    });
  }
  const [major, minor] = text.trim().split(":").map(Number);
  return kernelDevice(major!, minor!);
}

/** Constants of bpf/lib/block.bpf.h. Throws KtopError for a disk or filter that cannot match. */
export function blockConstants({ filters, flags }: ToolOptions): Constants {
  const disk: Constants = typeof flags.disk === "string"
    ? { disk_on: true, disk_dev: diskNumber(flags.disk) }
    : {};
  return { ...filterConstants(filters), ...disk };
}

/** The same with those of bpf/lib/block_file.bpf.h. */
export const blockFileConstants = (options: ToolOptions): Constants => ({
  ...blockConstants(options),
  page_shift: Math.log2(pageSize()),
});

/** Constants of bpf/lib/block.bpf.h: the positions of the tracepoints' arguments on this kernel. */
export function blockArguments(types: VmlinuxBtf): Constants {
  // Parameter 0 of the prototypes is a void *; the arguments follow.
  return {
    queue_before_request: types.parameterOf("btf_trace_block_rq_issue", "request") === 2,
    queue_before_bio: types.parameterOf("btf_trace_block_getrq", "bio") === 2,
  };
}

/** Milliseconds before names are stale: disks appear and disappear, and their numbers are reused. */
const NAME_AGE_MS = 1000;

/** Caches the names of disks by device number, from /sys/dev/block. */
export class DiskNames {
  #names = new Map<number, string>();
  #readAt = 0;

  /** The name, escaped; `major:minor` if the disk is gone or hidden; null for number 0, which is not a disk. */
  of(dev: number): string | null {
    if (dev === 0) return null;
    const now = performance.now();
    if (now - this.#readAt > NAME_AGE_MS) {
      this.#names.clear();
      this.#readAt = now;
    }
    let name = this.#names.get(dev);
    if (name === undefined) this.#names.set(dev, name = readName(dev));
    return name;
  }
}

function readName(dev: number): string {
  const number = deviceName(dev);
  try {
    const link = Deno.readLinkSync(`/sys/dev/block/${number}`);
    return escapeText(link.slice(link.lastIndexOf("/") + 1).replaceAll("!", "/"));
  } catch {
    return number;
  }
}

/** Enumerators of enum req_op (include/linux/blk_types.h) with the same number on all kernels since 5.10. */
const STABLE_OPERATIONS = {
  REQ_OP_READ: 0,
  REQ_OP_WRITE: 1,
  REQ_OP_FLUSH: 2,
  REQ_OP_DISCARD: 3,
  REQ_OP_SECURE_ERASE: 5,
  REQ_OP_WRITE_ZEROES: 9,
  REQ_OP_DRV_IN: 34,
  REQ_OP_DRV_OUT: 35,
};

/** BCC's name of an operation: "REQ_OP_WRITE_ZEROES" is WriteZeroes, "REQ_OP_DRV_IN" DriverIn. */
function operationName(enumerator: string): string {
  const words = enumerator.slice("REQ_OP_".length).toLowerCase().split("_");
  return words.map((word) => word === "drv" ? "Driver" : word[0]!.toUpperCase() + word.slice(1)).join("");
}

/** Flags by bit, in BCC's order. The bits are the same on all kernels since 5.10. */
const FLAGS = [
  [11, "Sync"],
  [12, "Metadata"],
  [17, "ForcedUnitAccess"],
  [13, "Priority"],
  [14, "NoMerge"],
  [15, "Idle"],
  [19, "ReadAhead"],
  [20, "Background"],
  [21, "NoWait"],
  [18, "Preflush"],
] as const;

/** The text of a request's flags. */
export class FlagWords {
  readonly #operations: ReadonlyMap<number, string>;

  /** @param enumerators names and numbers of the kernel's operations; those of zones differ between kernels */
  constructor(enumerators: Iterable<readonly [string, number]> = []) {
    this.#operations = new Map(
      [...Object.entries(STABLE_OPERATIONS), ...enumerators]
        .filter(([name]) => name.startsWith("REQ_OP_") && name !== "REQ_OP_LAST")
        .map(([name, number]) => [number, operationName(name)]),
    );
  }

  /** The operation alone: "Write". */
  operation(flags: number): string {
    const number = flags & 0xff;
    return this.#operations.get(number) ?? `Op${number}`;
  }

  /** The operation with its flags: "Metadata-Sync-Write". */
  all(flags: number): string {
    const words = FLAGS.filter(([bit]) => (flags >>> bit) & 1).map(([, word]) => word);
    return [...words.reverse(), this.operation(flags)].join("-");
  }

  /** One letter: R read, W write, F flush, D discard or erase, Z zone, P passthrough. */
  letter(flags: number): string {
    const name = this.operation(flags);
    if (name === "Read") return "R";
    if (name.startsWith("Write") || name === "ZoneAppend") return "W";
    if (name === "Flush") return "F";
    if (name === "Discard" || name === "SecureErase") return "D";
    return name.startsWith("Zone") ? "Z" : "P";
  }
}

let kernelWords = new FlagWords();

/**
 * Reads the numbers of the running kernel's operations from enum req_opf, which became enum req_op in 6.0 (commit
 * ff07a02e9e8e). The numbers of zone operations have changed several times, also in stable releases.
 */
export async function prepareFlagWords(): Promise<void> {
  try {
    using types = await loadBtf();
    kernelWords = new FlagWords(types.enumerators("req_op") ?? types.enumerators("req_opf") ?? []);
  } catch {
    // attaching needs the types, too, and reports the error
  }
}

/** The words of the running kernel, read by {@linkcode prepareFlagWords}. */
export const flagWords = (): FlagWords => kernelWords;
