/**
 * What the tools on block requests share: the tracepoints, disks, operations. Source: bpf/lib/block.bpf.h.
 *
 * @module
 */
import { type Hook, loadBtf, type VmlinuxBtf } from "../../bpf/mod.ts";
import { KtopError } from "../../errors.ts";
import type { Flag } from "../../model/mod.ts";
import { escapeText } from "../../text/mod.ts";
import type { Constants, ToolOptions } from "../tool.ts";
import { filterConstants } from "./filter.ts";
import { tracepoints } from "./hooks.ts";
import { deviceName, exists, kernelDevice } from "./mounts.ts";

/** Completions first: a request is seen from its issue on only when its end is. */
const REQUEST = [
  "block_rq_complete",
  "block_rq_complete_nested",
  "block_rq_merge",
  "block_rq_issue",
  "block_rq_insert",
];

/** What follows a request, and what tells who made it. */
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

/** `-d`: requests for one disk. */
export const DISK: Flag = {
  name: "disk",
  letter: "d",
  kind: "text",
  argument: "DISK",
  description: "only this disk: vda, nvme0n1",
};

/** What the tracepoint tier leaves out. */
export const BLOCK_CAVEAT =
  "sees requests: drivers without any (zram, device mapper, md) show up by the disks below them; writes from " +
  "the page cache belong to the thread that writes back, and flushes that the kernel makes itself to none";

/** Device number of a disk by its name. Throws KtopError where it is none. */
function diskNumber(name: string): number {
  // The kernel writes "/" in names as "!" in sysfs.
  const folder = `/sys/class/block/${name.replace(/^\/dev\//, "").replaceAll("/", "!")}`;
  let text: string;
  try {
    text = Deno.readTextFileSync(`${folder}/dev`);
  } catch {
    const disks = [...Deno.readDirSync("/sys/block")].map((entry) => entry.name).sort();
    throw new KtopError(`There is no disk ${escapeText(name)}.`, {
      remedy: `Disks: ${disks.map(escapeText).join(", ")}.`,
    });
  }
  if (exists(`${folder}/partition`)) {
    const disk = escapeText(Deno.realPathSync(folder).split("/").at(-2)!);
    throw new KtopError(`${escapeText(name)} is a partition; requests are told apart by disk.`, {
      remedy: `Its disk is ${disk}.`,
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

/** Constants of bpf/lib/block.bpf.h that say where this kernel's tracepoints have their arguments. */
export function blockArguments(types: VmlinuxBtf): Constants {
  // Of the prototypes: the leading void *, the arguments.
  return {
    queue_before_request: types.parameterOf("btf_trace_block_rq_issue", "request") === 2,
    queue_before_bio: types.parameterOf("btf_trace_block_getrq", "bio") === 2,
  };
}

/** Milliseconds for which a name is believed: disks come and go, and their numbers are used again. */
const NAME_AGE_MS = 1000;

/** Names of disks by device number, as /sys/dev/block has them. */
export class DiskNames {
  #names = new Map<number, string>();
  #readAt = 0;

  /** The name, escaped; `major:minor` where the disk is gone or hidden, null for number 0: no disk. */
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

/** Enumerators of enum req_op, include/linux/blk_types.h, whose numbers have been the same since 5.10. */
const SAME_EVERYWHERE = {
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

/** Flags by bit, in the order in which BCC puts them before the operation. Their bits are the same from 5.10 on. */
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

/** Turns a request's flags into words. */
export class FlagWords {
  readonly #operations: ReadonlyMap<number, string>;

  /** @param enumerators the numbers of operations that the kernel has, by their names: those of zones differ */
  constructor(enumerators: Iterable<readonly [string, number]> = []) {
    this.#operations = new Map(
      [...Object.entries(SAME_EVERYWHERE), ...enumerators]
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

  /** One letter: R read, W write, F flush, D discard or erase, Z zone, P passed through to the driver. */
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
 * Finds out which numbers the running kernel's operations have: in enum req_opf, which became enum req_op in 6.0 (commit
 * ff07a02e9e8e). Those of zones have changed several times since, in stable releases too.
 */
export async function prepareFlagWords(): Promise<void> {
  try {
    using types = await loadBtf();
    kernelWords = new FlagWords(types.enumerators("req_op") ?? types.enumerators("req_opf") ?? []);
  } catch {
    // attaching needs the types too, and says why they cannot be had
  }
}

/** The running kernel's words, after {@linkcode prepareFlagWords}. */
export const flagWords = (): FlagWords => kernelWords;
