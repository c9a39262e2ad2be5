/**
 * ktop's namespaces, and its process id and cgroup in those of the host.
 *
 * @module
 */
import { assertPrivileges } from "./capabilities.ts";
import { BpfObject } from "./object.ts";
import { explainOnOldKernel } from "./old_kernel.ts";

/**
 * PROC_PID_INIT_INO, PROC_CGROUP_INIT_INO and PROC_TIME_INIT_INO of include/linux/proc_ns.h: inode numbers of the initial
 * namespaces.
 */
const INITIAL = {
  pid: "pid:[4026531836]",
  cgroup: "cgroup:[4026531835]",
  time: "time:[4026531834]",
} as const;

/** Whether this process is in the host's namespace of this kind; null if /proc/self/ns is unreadable. */
export function inHostNamespace(kind: keyof typeof INITIAL): boolean | null {
  try {
    return Deno.readLinkSync(`/proc/self/ns/${kind}`) === INITIAL[kind];
  } catch {
    return null;
  }
}

/** ktop in the host's namespaces. */
export interface Self {
  /** Its process id in the host's pid namespace. */
  readonly tgid: number;
  /** Levels of the cgroup v2 hierarchy above the root of its cgroup namespace. */
  readonly cgroupsAbove: number;
}

/**
 * The depth of a cgroup path below the root of the cgroup namespace that it was read in; negative above that root, where
 * the kernel writes `/..` (cgroup_namespaces(7)).
 */
export function cgroupDepth(path: string): number {
  return path.split("/").reduce((depth, part) => depth + (part === "" ? 0 : part === ".." ? -1 : 1), 0);
}

async function identify(): Promise<Self> {
  assertPrivileges();
  using object = BpfObject.open("self");
  object.setAutoload("identify", true);
  await object.load();
  object.run("identify");
  const read = (name: string): number => Number(object.global(name)());
  const own = /^0::(.*)$/m.exec(Deno.readTextFileSync("/proc/self/cgroup"))?.[1] ?? "/";
  return { tgid: read("tgid"), cgroupsAbove: read("cgroup_level") - cgroupDepth(own) };
}

let identified: Promise<Self> | undefined;

/**
 * ktop's own process id and cgroup in the host's namespaces, determined once per process by a BPF program.
 *
 * @throws {PermissionError} this process may not load BPF programs
 * @throws {BpfError} the kernel refused to load or run the program
 */
export function identifySelf(): Promise<Self> {
  return identified ??= identify().catch((error) => {
    identified = undefined; // it may have failed for want of descriptors or memory
    throw explainOnOldKernel("ktop", error, Deno.osRelease());
  });
}
