/**
 * The files that the keys w and W write: the screen to the working directory, the configuration to its path.
 *
 * @module
 */
import { join } from "node:path";
import type { LoadedSettings } from "../config/mod.ts";
import type { Model } from "../model/mod.ts";
import { ndjsonLines } from "../output/mod.ts";
import { clockTime, localDate, shownValue } from "../text/mod.ts";
import type { ScreenFiles } from "../tui/mod.ts";

/** Files of the same second get the suffixes `-2`, `-3`, … up to this. */
const MAX_IN_A_SECOND = 99;

/** `20261120-180000`, local time. */
const stampOf = (ms: number): string =>
  `${localDate(ms).replaceAll("-", "")}-${clockTime(ms).replaceAll(":", "")}`;

/** Writes a new file, or nothing. Rejects with AlreadyExists; never follows a link or overwrites a file. */
async function writeNew(path: string, text: string): Promise<void> {
  const file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  try {
    const bytes = new TextEncoder().encode(text);
    for (let sent = 0; sent < bytes.length;) sent += await file.write(bytes.subarray(sent));
  } catch (error) {
    await Deno.remove(path).catch(() => {});
    throw error;
  } finally {
    file.close();
  }
}

/** Writes both files under a new name. Resolves with the name without its extension. */
async function writePair(directory: string, texts: { txt: string; json: string }): Promise<string> {
  const stamp = stampOf(Date.now());
  for (let number = 1; number <= MAX_IN_A_SECOND; number++) {
    const name = `ktop-${stamp}${number === 1 ? "" : `-${number}`}`;
    const base = join(directory, name);
    try {
      await writeNew(`${base}.txt`, texts.txt);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      throw error;
    }
    try {
      await writeNew(`${base}.json`, texts.json);
      return name;
    } catch (error) {
      await Deno.remove(`${base}.txt`).catch(() => {});
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
  throw new Error(`${directory} already has ${MAX_IN_A_SECOND} files of this second`);
}

/** Writes the screen as `ktop-YYYYMMDD-HHMMSS.txt`, and its ticks as `.json`. Resolves with a message for the user. */
export async function writeScreen(directory: string, text: string, model: Model): Promise<string> {
  const name = await writePair(directory, { txt: text, json: ndjsonLines(model) });
  return `Wrote ${name}.txt and ${name}.json in ${shownValue(directory)}`;
}

/** The writers for a screen with these settings. */
export function screenFiles({ settings, path }: LoadedSettings): ScreenFiles {
  const directory = Deno.cwd();
  return {
    writeScreen: (text, model) => writeScreen(directory, text, model),
    ...(path === null ? {} : {
      writeConfiguration: async (choices) => {
        const { saveChoices } = await import("../config/mod.ts");
        return saveChoices(path, choices, settings);
      },
    }),
  };
}
