/**
 * A child process that holds the descriptors of BPF links until this process has exited: native/detach.c.
 *
 * @module
 */
import { c } from "./c_types.ts";
import { openEmbedded } from "./libraries.ts";

const symbols = {
  // void ktop_fork_descriptor_holder(void)
  ktop_fork_descriptor_holder: { parameters: [], result: c.void },
} as const satisfies Deno.ForeignLibraryInterface;

/**
 * Forks the child. Closing a link is then fast, because the child still holds it. If the fork fails, closing waits for the kernel, which
 * is no error.
 */
export function forkDescriptorHolder(): void {
  try {
    openEmbedded("native/detach.so", symbols).ktop_fork_descriptor_holder();
  } catch {
    // No executable memory is allowed, or no descriptors are left.
  }
}
