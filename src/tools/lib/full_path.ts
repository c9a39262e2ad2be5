/**
 * `--full-path`: the whole paths of files, as their processes see them (bpf/lib/full_path.bpf.h).
 *
 * @module
 */
import { type Hook, possibleCpus, type ProgramSet } from "../../bpf/mod.ts";
import type { Column, Flag, TierName } from "../../model/mod.ts";
import type { Constants, ToolOptions } from "../tool.ts";
import { withShown } from "./columns_for.ts";
import { PATH } from "./file_columns.ts";

/** The flag. */
export const FULL_PATH: Flag = {
  name: "full-path",
  kind: "switch",
  description: "show the whole path of each file, as its process sees it, across mounts",
};

/** How text and screens show a path. */
const SHOWN_PATH = { shown: "always", cut: "start", minWidth: 16, priority: 3 } as const;

/** The column of the path. */
export const FULL_PATH_COLUMN: Column = {
  ...PATH,
  description:
    "Path of the file, as the process sees it, across mounts; (deleted): the name has been removed; " +
    "(unreachable): outside the root of the process; with --full-path.",
  needs: [FULL_PATH.name],
};

/** Whether the options have the flag. */
export const isFullPath = ({ flags }: ToolOptions): boolean => flags[FULL_PATH.name] === true;

/** Keys of the columns with paths. */
const PATHS: readonly string[] = ["path", "new_path"];

/** The columns with the flag: paths instead of names and directories. */
export function withFullPath(columns: readonly Column[], options: ToolOptions): readonly Column[] {
  if (!isFullPath(options)) return columns;
  return withShown(columns, { file: "data", dir: "data" }).map((column) =>
    PATHS.includes(column.key) ? { ...column, ...SHOWN_PATH } : column
  );
}

/** The constants. Records are built in areas that more than one program may want at once: completions run in interrupts. */
export function fullPathConstants(options: ToolOptions): Constants {
  return isFullPath(options) ? { full_path: true, preemptible: true } : {};
}

/** Areas of a CPU in which records are built (SCRATCH_AREAS of bpf/lib/strings.bpf.h). */
const SCRATCH_AREAS = 2;

/**
 * The hooks, with the maps that the flag needs.
 *
 * @param maps sizes of further maps
 */
export function fullPathHooks(
  hooks: readonly Hook[],
  options: ToolOptions,
  maps: Readonly<Record<string, number>> = {},
): readonly Hook[] {
  if (!isFullPath(options)) return hooks;
  const sizes = { ...maps, scratch: SCRATCH_AREAS * possibleCpus() };
  const sized = (set: ProgramSet): ProgramSet => ({ ...set, maxEntries: { ...set.maxEntries, ...sizes } });
  return hooks.map((hook) => ({
    ...hook,
    tiers: Object.fromEntries(
      Object.entries(hook.tiers).map(([tier, sets]) => [tier as TierName, sets.map(sized)]),
    ),
  }));
}
