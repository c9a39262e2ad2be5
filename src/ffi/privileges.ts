/**
 * Gives up capabilities in every thread of this process, and finds out which ones bpf(2) needs.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { c } from "./c_types.ts";
import { checkResult, errnoName } from "./errno.ts";
import { openEmbedded } from "./libraries.ts";
import { bpf } from "./libbpf.ts";
import { libc } from "./libc.ts";
import { cString } from "./memory.ts";

const symbols = {
  // int ktop_reduce_privileges(uint64_t capabilities, int programs_get_all)
  ktop_reduce_privileges: { parameters: [c.__u64, c.int], result: c.int },
  // int ktop_reduce_thread(int thread)
  ktop_reduce_thread: { parameters: [c.int], result: c.int },
} as const satisfies Deno.ForeignLibraryInterface;

let opened: Deno.DynamicLibrary<typeof symbols>["symbols"] | undefined;

/** native/threads.c. Stays open: its signal handler stays installed. */
function threads() {
  return opened ??= openEmbedded("native/threads.so", symbols);
}

/** How long all threads may take together, milliseconds: they share the CPU with a busy machine. */
const TIMEOUT_MS = 60_000;
/** Between two signals to a thread, milliseconds: each signal is queued, and each takes as many system calls as there are capabilities. */
const RESEND_MS = 1000;

/** What {@linkcode reducePrivileges} leaves. */
export interface Reduction {
  /** Bits by number of include/uapi/linux/capability.h. */
  readonly kept: bigint;
  /** Programs that a process of root executes have all capabilities again: neither the bounding set nor no_new_privs changes. */
  readonly sparesPrograms?: boolean;
}

/** True if no capability besides `kept` is left to a thread, by the text of /proc/self/task/TID/status. */
export function isReduced(status: string, { kept, sparesPrograms = false }: Reduction): boolean {
  const set = (name: string) =>
    BigInt(`0x${new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0"}`);
  const noNewPrivileges = /^NoNewPrivs:\s*1$/m.test(status);
  return (sparesPrograms || noNewPrivileges) &&
    ["CapPrm", "CapEff", "CapInh", "CapAmb"].every((name) => (set(name) & ~kept) === 0n);
}

/** The threads of this process that still have other capabilities than those kept. */
function unreduced(reduction: Reduction): number[] {
  const ids = [...Deno.readDirSync("/proc/self/task")].map(({ name }) => Number(name));
  return ids.filter((id) => {
    try {
      return !isReduced(Deno.readTextFileSync(`/proc/self/task/${id}/status`), reduction);
    } catch {
      return false; // the thread has ended
    }
  });
}

/**
 * Leaves only these capabilities to every thread of this process, to none more than it has, and sets no_new_privs. A
 * thread that another one starts in the meantime inherits from it, so this repeats until /proc shows all threads reduced.
 *
 * @throws {BpfError} a thread did not answer
 */
export async function reducePrivileges(reduction: Reduction): Promise<void> {
  const end = performance.now() + TIMEOUT_MS;
  const { kept, sparesPrograms = false } = reduction;
  checkResult("reduce privileges", threads().ktop_reduce_privileges(kept, Number(sparesPrograms)));
  const sent = new Map<number, number>();
  while (true) {
    const left = unreduced(reduction);
    if (left.length === 0) return;
    const now = performance.now();
    if (now > end) {
      throw new BpfError("reduce privileges", "ETIMEDOUT", {
        detail: `threads ${left.join(", ")} do not answer`,
      });
    }
    for (const id of left) {
      if (now - (sent.get(id) ?? -Infinity) < RESEND_MS) continue;
      sent.set(id, now);
      threads().ktop_reduce_thread(id); // ESRCH: it has ended
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** _LINUX_CAPABILITY_VERSION_3; struct __user_cap_data_struct[2]: effective at 0 and 12. */
const VERSION_3 = 0x2008_0522;

/**
 * Calls `use` while this thread has no effective capabilities; it must be synchronous.
 *
 * @returns null if the capabilities cannot be read or changed
 */
function withoutCapabilities<T>(use: () => T): T | null {
  const header = new Uint8Array(new Uint32Array([VERSION_3, 0]).buffer);
  const sets = new Uint32Array(6);
  if (libc().capget(header, new Uint8Array(sets.buffer)) !== 0) return null;
  const none = sets.slice();
  none[0] = none[3] = 0;
  if (libc().capset(header, new Uint8Array(none.buffer)) !== 0) return null;
  try {
    return use();
  } finally {
    libc().capset(header, new Uint8Array(sets.buffer));
  }
}

/**
 * Whether bpf(2) refuses operations on descriptors to a process without capabilities. Kernels before commit c8644cd0efe7
 * (Linux 6.0) do if kernel.unprivileged_bpf_disabled is set.
 */
export function bpfNeedsCapability(): boolean {
  const result = withoutCapabilities(() =>
    bpf().bpf_obj_get_info_by_fd(-1, new Uint8Array(8), new Uint32Array([8]))
  );
  return result === null || errnoName(result) === "EPERM";
}

/** Bits of access(2). */
export const Access = { execute: 1, write: 2, read: 4 } as const;

const AT_FDCWD = -100;
const AT_EACCESS = 0x200;

/**
 * Whether this user may access a path only with capabilities such as CAP_DAC_OVERRIDE. False if the path does not exist.
 *
 * @param mode bits of {@linkcode Access}
 */
export function accessNeedsCapability(path: string, mode: number): boolean {
  const errno = withoutCapabilities(() =>
    libc().faccessat(AT_FDCWD, cString(path), mode, AT_EACCESS) === 0 ? "" : errnoName(libc().errno())
  );
  return errno === null || errno === "EACCES";
}

/** Whether this process may access a path. @param mode bits of {@linkcode Access} */
export function mayAccess(path: string, mode: number): boolean {
  return libc().faccessat(AT_FDCWD, cString(path), mode, AT_EACCESS) === 0;
}

/** Whether this thread has any capability, so that there is something to drop. */
export function hasCapabilities(): boolean {
  const header = new Uint8Array(new Uint32Array([VERSION_3, 0]).buffer);
  const sets = new Uint32Array(6);
  if (libc().capget(header, new Uint8Array(sets.buffer)) !== 0) return true;
  return sets.some((set) => set !== 0);
}
