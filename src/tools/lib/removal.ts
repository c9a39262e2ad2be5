/**
 * Where the functions that create and remove files have their arguments on this kernel (bpf/lib/removal.bpf.h).
 *
 * @module
 */
import type { VmlinuxBtf } from "../../bpf/mod.ts";
import type { Constant } from "../tool.ts";

/**
 * Which argument of these functions is the dentry, and how many arguments they have: for each name, the constants
 * `<name>_dentry` and `<name>_arguments`. Functions that the kernel lacks get none.
 *
 * @param functions by the name that the constants begin with: `{ unlink: "vfs_unlink" }`
 */
export function dentryArguments(
  types: VmlinuxBtf,
  functions: Readonly<Record<string, string>>,
): Record<string, Constant> {
  const constants: Record<string, Constant> = {};
  for (const [name, kernelFunction] of Object.entries(functions)) {
    const dentry = types.parameterOf(kernelFunction, "dentry");
    const count = types.parameterCount(kernelFunction);
    if (dentry === null || count === null) continue;
    constants[`${name}_dentry`] = dentry;
    constants[`${name}_arguments`] = count;
  }
  return constants;
}
