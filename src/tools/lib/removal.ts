/**
 * Positions of the arguments of the functions that create and remove files (bpf/lib/removal.bpf.h): they differ between
 * kernels.
 *
 * @module
 */
import type { VmlinuxBtf } from "../../bpf/mod.ts";
import type { Constants } from "../tool.ts";

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
