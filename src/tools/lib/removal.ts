/**
 * Functions that create and remove files: the positions of their arguments (bpf/lib/removal.bpf.h), which differ between
 * kernels, and the mount that they work on.
 *
 * @module
 */
import type { Hook, VmlinuxBtf } from "../../bpf/mod.ts";
import type { TierName } from "../../model/mod.ts";
import type { Constants } from "../tool.ts";
import { functionHook } from "./hooks.ts";

/** The mount of a removed name (bpf/lib/write_mount.bpf.h). The tracepoint tier has the whole path and needs none. */
export const WRITE_MOUNT_HOOK: Hook = {
  ...functionHook("mnt_want_write", (tier) => ({ all: [`mnt_want_write_enter__${tier}`] }), { all: [] }),
  optional: "mount points in the directories of files",
};

/** The constant of bpf/lib/strings.bpf.h, for programs that build records: those of the fentry tier can be preempted. */
export const preemptible = (tier: TierName): Constants => tier === "fentry" ? { preemptible: true } : {};

/**
 * The position of the dentry among the arguments of these functions, and the number of arguments: the constants
 * `<name>_dentry_index` and `<name>_argument_count` for each name. Functions that the kernel does not have are left out.
 *
 * @param functions by the name in the constants: `{ unlink: "vfs_unlink" }`
 */
export function dentryArguments(
  types: VmlinuxBtf,
  functions: Readonly<Record<string, string>>,
): Constants {
  const constants: Record<string, number> = {};
  for (const [name, kernelFunction] of Object.entries(functions)) {
    const dentry = types.parameterOf(kernelFunction, "dentry");
    const count = types.parameterCount(kernelFunction);
    if (dentry === null || count === null) continue;
    constants[`${name}_dentry_index`] = dentry;
    constants[`${name}_argument_count`] = count;
  }
  return constants;
}
