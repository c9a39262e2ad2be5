/**
 * Writes the configuration: a new file beside the old one, then renamed, so that there is always a whole one.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { KtopError } from "../errors.ts";
import { escapeText } from "../text/mod.ts";
import type { Tool } from "../tools/mod.ts";
import { type Change, editToml } from "./edit.ts";
import { parseConfiguration } from "./parse.ts";
import { readConfiguration } from "./read.ts";
import { followPath } from "./trust.ts";

const BEGIN = "# Written by ktop. `ktop config` lists what can be set.\n";

async function replace(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.ktop-${crypto.randomUUID()}.toml`);
  const file = await Deno.open(temporary, { write: true, createNew: true, mode: 0o600 });
  try {
    try {
      const bytes = new TextEncoder().encode(text);
      for (let sent = 0; sent < bytes.length;) sent += await file.write(bytes.subarray(sent));
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

/**
 * Makes the changes in the file at a path; without one, makes it and its directory. A link is followed, so that the
 * file it names is replaced.
 *
 * @returns What to say. Throws KtopError where others could change the file, or where what is there is wrong; and what
 * the system says where it cannot be written.
 */
export async function saveConfiguration(
  path: string,
  changes: readonly Change[],
  tools: readonly Tool[],
): Promise<string> {
  const { real, problem } = followPath(path);
  if (problem) throw new KtopError(problem.message);
  const old = readConfiguration(path);
  if (old) await parseConfiguration(old, tools);
  const { text, kept } = editToml(old?.text ?? BEGIN, changes);
  await parseConfiguration({ path, text }, tools);
  await Deno.mkdir(dirname(real), { recursive: true, mode: 0o700 });
  if (!kept && old) await replace(`${real}.bak`, old.text);
  await replace(real, text);
  const note = kept || !old ? "" : `; the old one is ${escapeText(basename(real))}.bak beside it`;
  return `Wrote ${escapeText(path)}${note}`;
}
