/**
 * The privileges of this process: capabilities(7) and the user namespace.
 *
 * @module
 */
import { PermissionError } from "../errors.ts";
import { reducePrivileges } from "../ffi/mod.ts";

/** The capabilities that ktop needs and this process does not have. */
export interface Capabilities {
  /** ["CAP_BPF", "CAP_PERFMON"]; empty when nothing is missing. */
  readonly missing: readonly string[];
  /** The reason, in a few words; empty if the names are enough. */
  readonly detail: string;
}

/** Bits of include/uapi/linux/capability.h. */
const Capability = {
  CAP_DAC_OVERRIDE: 1,
  CAP_DAC_READ_SEARCH: 2,
  CAP_KILL: 5,
  CAP_SYS_PTRACE: 19,
  CAP_SYS_ADMIN: 21,
  CAP_SYS_RESOURCE: 24,
  CAP_SYSLOG: 34,
  CAP_PERFMON: 38,
  CAP_BPF: 39,
  CAP_CHECKPOINT_RESTORE: 40,
} as const;

/** A capability that ktop uses. */
export type CapabilityName = keyof typeof Capability;

/** Linux 5.8 split them from CAP_SYS_ADMIN (commits a17b53c4a4b5, 980737282232), which still includes them. */
const NEEDED: readonly CapabilityName[] = ["CAP_BPF", "CAP_PERFMON"];

/** Capabilities that CAP_SYS_ADMIN includes; CAP_CHECKPOINT_RESTORE was split from it in Linux 5.9 (commit 124ea650d307). */
const IN_SYS_ADMIN: readonly CapabilityName[] = [...NEEDED, "CAP_CHECKPOINT_RESTORE"];

/** The effective capabilities that ktop uses, by the text of /proc/PID/status. */
export function effectiveCapabilities(status: string): ReadonlySet<CapabilityName> {
  const bits = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  const names = Object.keys(Capability) as CapabilityName[];
  return new Set(names.filter((name) => (bits >> BigInt(Capability[name]) & 1n) === 1n));
}

/** The effective capabilities that ktop uses, of this process. */
export const readEffectiveCapabilities = (): ReadonlySet<CapabilityName> =>
  effectiveCapabilities(Deno.readTextFileSync("/proc/self/status"));

/** The capability by which a process with `effective` may do what `wanted` allows; null if there is none. */
export function capabilityFor(
  wanted: CapabilityName,
  effective: ReadonlySet<CapabilityName>,
): CapabilityName | null {
  if (effective.has(wanted)) return wanted;
  return IN_SYS_ADMIN.includes(wanted) && effective.has("CAP_SYS_ADMIN") ? "CAP_SYS_ADMIN" : null;
}

/** The uid map of the initial user namespace: all ids map to themselves. */
const ALL_IDS = /^\s*0\s+0\s+4294967295\s*$/;

/**
 * The capabilities that ktop needs and this process does not have.
 *
 * @param status text of /proc/self/status
 * @param uidMap text of /proc/self/uid_map; capabilities count only in the initial user namespace
 */
export function missingCapabilities(status: string, uidMap: string): Capabilities {
  if (!ALL_IDS.test(uidMap)) {
    return {
      missing: NEEDED,
      detail: "this is a user namespace; BPF needs capabilities in the host's",
    };
  }
  const effective = effectiveCapabilities(status);
  return { missing: NEEDED.filter((name) => capabilityFor(name, effective) === null), detail: "" };
}

/** The capabilities that this process does not have. */
export function readCapabilities(): Capabilities {
  return missingCapabilities(
    Deno.readTextFileSync("/proc/self/status"),
    Deno.readTextFileSync("/proc/self/uid_map"),
  );
}

/** The remedy for missing capabilities. */
export const PRIVILEGE_REMEDY = "Run it as root, for example with sudo.";

/**
 * Checks, in a millisecond, that this process may load BPF programs.
 *
 * @throws {PermissionError} naming the capabilities that are missing
 */
export function assertPrivileges(): void {
  const { missing, detail } = readCapabilities();
  if (missing.length === 0) return;
  const why = detail === "" ? "" : ` (${detail})`;
  throw new PermissionError(`Not permitted to load BPF programs: missing ${missing.join(" and ")}${why}.`, {
    remedy: PRIVILEGE_REMEDY,
  });
}

/**
 * Gives up every capability but these in all threads, for good, and sets no_new_privs.
 *
 * @param sparesPrograms programs that a process of root executes have all capabilities; no_new_privs is not set
 * @throws {BpfError} a thread did not answer
 */
export function keepOnly(names: readonly CapabilityName[], sparesPrograms = false): Promise<void> {
  const kept = names.reduce((bits, name) => bits | 1n << BigInt(Capability[name]), 0n);
  return reducePrivileges({ kept, sparesPrograms });
}
