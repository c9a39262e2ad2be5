/**
 * Cases with --full-path, beside full_paths.c.
 *
 * @module
 */
import * as fullPaths from "../../workloads/full_paths.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, rowCounts } from "../checks.ts";
import { prepared } from "./prepared.ts";
import { workloadCase } from "./workload_case.ts";

const BASE = "/tmp/full paths";
const MAKE = `rm -rf "${BASE}" && mkdir -p "${BASE}"`;
const REMOVE = `rm -rf "${BASE}"`;

/** The cases of a tool that shows each file of the workload in a row. Only the guest with 6.1 has the module of overlayfs. */
export function fullPathCases(tool: string, options: readonly string[] = []): readonly Case[] {
  const spec = { tool, options: [...options, "--full-path"], native: false };
  return [
    prepared(
      { prepare: MAKE, undo: REMOVE },
      workloadCase({
        ...spec,
        name: "--full-path shows the paths of files on bind mounts, 100 levels deep, removed and in a chroot",
        workload: ["full_paths", BASE, "without-overlay"],
        check: all(rowCounts(fullPaths.filesWithoutOverlay, fullPaths.letterAt(BASE)), nothingLost),
      }),
    ),
    prepared(
      { prepare: `${MAKE} && insmod /lib/modules/6.1/overlay.ko`, undo: `${REMOVE} && rmmod overlay` },
      workloadCase({
        ...spec,
        name: "--full-path shows the paths of files on overlayfs",
        workload: ["full_paths", BASE],
        kernels: ["6.1"],
        check: all(rowCounts(fullPaths.files, fullPaths.letterAt(BASE)), nothingLost),
      }),
    ),
  ];
}
