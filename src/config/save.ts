/**
 * Writes the configuration: to a temporary file beside the old one, then renamed, so that the file is always complete.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { KtopError } from "../errors.ts";
import { shownValue } from "../text/mod.ts";
import type { Tool } from "../tools/mod.ts";
import { type Change, editToml } from "./edit.ts";
import { parseConfiguration } from "./parse.ts";
import { readConfiguration } from "./read.ts";
import { followPath } from "./trust.ts";

const FIRST_LINE = "# Written by ktop. `ktop config` prints every setting.\n";

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
 * Changes the file at a path; creates it and its directory if there is none. A symbolic link is followed, and its
 * target replaced.
 *
 * @returns A message for the user. Rejects with KtopError if other users could change the file or if it is invalid,
 * and with a system error if it cannot be written.
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
  const { text, inPlace } = editToml(old?.text ?? FIRST_LINE, changes);
  await parseConfiguration({ path, text }, tools);
  await Deno.mkdir(dirname(real), { recursive: true, mode: 0o700 });
  if (!inPlace && old) await replace(`${real}.bak`, old.text);
  await replace(real, text);
  const note = inPlace || !old ? "" : `; the old one is ${shownValue(basename(real))}.bak beside it`;
  return `Wrote ${shownValue(path)}${note}`;
}
