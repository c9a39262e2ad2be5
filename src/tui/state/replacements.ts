/**
 * The message that names panes which show another tool, because the kernel cannot run theirs.
 *
 * @module
 */
import type { Replacement } from "../../model/mod.ts";

/** The message; null if no tool is replaced. */
export function replacementText(replacements: readonly Replacement[]): string | null {
  if (replacements.length === 0) return null;
  const missing = replacements.map(({ tool }) => tool).join(", ");
  const shown = replacements.map(({ by }) => by).join(", ");
  const verb = replacements.length === 1 ? "replaces it" : "replace them";
  return `${missing} cannot run on this kernel: ${shown} ${verb} (t: all tools)`;
}
