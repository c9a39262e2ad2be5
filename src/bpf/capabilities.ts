/**
 * The privileges of this process: capabilities(7) and the user namespace.
 *
 * @module
 */
import { PermissionError } from "../errors.ts";

/** The capabilities that ktop needs and this process does not have. */
export interface Capabilities {
  /** ["CAP_BPF", "CAP_PERFMON"]; empty when nothing is missing. */
  readonly missing: readonly string[];
  /** The reason, in a few words; empty if the names are enough. */
  readonly detail: string;
}

/** Bits of include/uapi/linux/capability.h. */
const Capability = { sysAdmin: 21, perfmon: 38, bpf: 39 } as const;

/** The uid map of the initial user namespace: all ids map to themselves. */
const ALL_IDS = /^\s*0\s+0\s+4294967295\s*$/;

/**
 * The capabilities that ktop needs and this process does not have.
 *
 * @param status text of /proc/self/status
 * @param uidMap text of /proc/self/uid_map; capabilities count only in the initial user namespace
 */
export function missingCapabilities(status: string, uidMap: string): Capabilities {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  const has = (bit: number) => (effective >> BigInt(bit) & 1n) === 1n;
  const missing: string[] = [];
  if (!ALL_IDS.test(uidMap)) {
    return {
      missing: ["CAP_BPF", "CAP_PERFMON"],
      detail: "this is a user namespace; BPF needs capabilities in the host's",
    };
  }
  if (!has(Capability.sysAdmin)) {
    if (!has(Capability.bpf)) missing.push("CAP_BPF");
    if (!has(Capability.perfmon)) missing.push("CAP_PERFMON");
  }
  return { missing, detail: "" };
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
