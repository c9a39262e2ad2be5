/**
 * The files that the keys w and W write: the screen and its past to the working directory, the configuration to its path.
 *
 * @module
 */
import { join } from "node:path";
import type { LoadedSettings } from "../config/mod.ts";
import {
  FLAME_SPAN_MS,
  flameTicks,
  foldedStacks,
  isShownRow,
  type Model,
  MovingFlame,
  narrowingWords,
} from "../model/mod.ts";
import { KtopError } from "../errors.ts";
import { createCause, flameSvg, flameUnit, ndjsonLines } from "../output/mod.ts";
import { clockTime, localDate, shownValue } from "../text/mod.ts";
import type { ScreenFiles, WrittenScreen } from "../tui/mod.ts";
import { VERSION } from "./version.ts";

/** Files of the same second get the suffixes `-2`, `-3`, … up to this. */
const MAX_IN_A_SECOND = 99;

/** `20261120-180000`, local time. */
const stampOf = (ms: number): string =>
  `${localDate(ms).replaceAll("-", "")}-${clockTime(ms).replaceAll(":", "")}`;

/** The files of every screen: text, rows, pictures, recording. */
const EXTENSIONS = ["txt", "json", "svg", "html", "gz"] as const;

/** New files of one name. */
interface NewFiles {
  /** Without an extension. */
  readonly name: string;
  /** By extension. */
  readonly files: Readonly<Record<string, Deno.FsFile>>;
  /** Closes and removes them. */
  remove(): Promise<void>;
}

/** Creates the files of a name, or none. Rejects with AlreadyExists; never follows a link or overwrites a file. */
async function createFiles(
  directory: string,
  name: string,
  extensions: readonly string[],
): Promise<NewFiles> {
  const opened: { path: string; file: Deno.FsFile }[] = [];
  const remove = async (): Promise<void> => {
    for (const { path, file } of opened) {
      close(file);
      await Deno.remove(path).catch(() => {});
    }
  };
  try {
    for (const extension of extensions) {
      const path = join(directory, `${name}.${extension}`);
      opened.push({ path, file: await Deno.open(path, { write: true, createNew: true, mode: 0o600 }) });
    }
  } catch (error) {
    await remove();
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    throw new KtopError(createCause(join(directory, name), error), { cause: error });
  }
  const files = Object.fromEntries(extensions.map((extension, i) => [extension, opened[i]!.file]));
  return { name, files, remove };
}

/** Closes a file that may be closed already. */
function close(file: Deno.FsFile): void {
  try {
    file.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

/** Creates the files under a new name: that of the moment shown, wall clock in milliseconds. */
async function createUnderNewName(
  directory: string,
  time: number,
  extensions: readonly string[],
): Promise<NewFiles> {
  const stamp = stampOf(time);
  for (let number = 1; number <= MAX_IN_A_SECOND; number++) {
    try {
      return await createFiles(directory, `ktop-${stamp}${number === 1 ? "" : `-${number}`}`, extensions);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
  throw new Error(`${directory} already has ${MAX_IN_A_SECOND} files of this second`);
}

async function writeAll(file: Deno.FsFile, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let sent = 0; sent < bytes.length;) sent += await file.write(bytes.subarray(sent));
  file.close();
}

/** Writes the kept past one tick at a time, so that keys work until it is complete. */
async function writePast(file: Deno.FsFile, path: string, model: Model): Promise<void> {
  const { pastRecording, recordingSink } = await import("../recording/mod.ts");
  const sink = await recordingSink(file, path);
  try {
    for (const part of pastRecording(model, VERSION)) await sink.write(part);
    await sink.close();
  } catch (error) {
    // Not the sink's message, which says that the file can be replayed: the caller removes the file.
    throw error instanceof KtopError ? error.cause : error;
  }
}

/**
 * The stacks of the last minute of each pane that has some, by extension: as folded text and as a picture. Of a pane that is narrowed,
 * only those of its rows.
 */
function flameTexts({ tools, host }: Model): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { tool, tick, pastTicks, only, otherScope } of tools) {
    if (tool.flame === undefined || tick === null) continue;
    const ticks = flameTicks(tool, pastTicks, {
      span: { end: tick.time, ms: FLAME_SPAN_MS },
      ...(only === undefined ? {} : { test: (row) => isShownRow(row, only) }),
      ...(otherScope ? { leaveOut: otherScope } : {}),
    });
    const root = new MovingFlame().moveTo(ticks);
    const seconds = ticks.reduce((sum, { intervalS }) => sum + intervalS, 0);
    const whose = only === undefined ? "" : `${narrowingWords(only)}, `;
    const subtitle = `${whose}${seconds.toFixed(1)} s until ${localDate(tick.time)} ${clockTime(tick.time)}`;
    texts.set(`${tool.name}.folded`, foldedStacks(root).map((line) => `${line}\n`).join(""));
    texts.set(
      `${tool.name}.svg`,
      flameSvg(root, {
        title: `${tool.name} on ${host.host}`,
        unit: flameUnit(tool, ticks.at(-1)?.weight ?? tool.flame.weight),
        subtitle,
      }),
    );
  }
  return texts;
}

/** "a, .b and .c" */
const listed = (extensions: readonly string[]): string =>
  `.${extensions.slice(0, -1).join(", .")} and .${extensions.at(-1)}`;

/** What is written besides the screen. */
interface WriterOptions {
  /** The kept past as a recording; rows of several hosts cannot be recorded. */
  readonly recordsPast: boolean;
}

async function writeScreen(
  directory: string,
  { text, svg, html, model }: WrittenScreen,
  { recordsPast }: WriterOptions,
): Promise<string> {
  const flames = flameTexts(model);
  const ofScreen = EXTENSIONS.filter((extension) => extension !== "gz" || recordsPast);
  const extensions = [...ofScreen, ...flames.keys()];
  const { name, files, remove } = await createUnderNewName(directory, model.time, extensions);
  const fileOf = (extension: string): Deno.FsFile => files[extension]!;
  try {
    await writeAll(fileOf("txt"), text);
    await writeAll(fileOf("json"), ndjsonLines(model));
    await writeAll(fileOf("svg"), svg);
    await writeAll(fileOf("html"), html);
    for (const [extension, content] of flames) await writeAll(fileOf(extension), content);
    if (recordsPast) await writePast(fileOf("gz"), `${name}.gz`, model);
  } catch (error) {
    await remove();
    throw error;
  }
  return `Wrote ${name}${listed(extensions)} in ${shownValue(directory)}`;
}

/**
 * Writes screens into a directory: as `ktop-YYYYMMDD-HHMMSS.txt`, `.svg` and `.html`, its rows as `.json`, the kept past as `.gz`, which
 * `ktop replay` shows. One screen at a time, because the past of each is held until it is written.
 */
export function screenWriter(
  directory: string,
  options: WriterOptions = { recordsPast: true },
): (screen: WrittenScreen) => Promise<string> {
  let writing = false;
  return async (screen) => {
    if (writing) throw new Error("the files of the previous screen are still being written");
    writing = true;
    try {
      return await writeScreen(directory, screen, options);
    } finally {
      writing = false;
    }
  };
}

/** The writers for a screen with these settings. */
export function screenFiles({ settings, path }: LoadedSettings): ScreenFiles {
  const directory = Deno.cwd();
  return {
    writeScreen: screenWriter(directory),
    ...(path === null ? {} : {
      writeConfiguration: async (choices) => {
        const { saveChoices } = await import("../config/mod.ts");
        return saveChoices(path, choices, settings);
      },
    }),
  };
}
