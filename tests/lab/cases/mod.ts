/**
 * What the lab measures: one file of cases per tool, and the cases that are about conditions, peers and leftovers. A case is
 * data: name, tool, columns of the matrix, workload, options, and the checks of `../checks.ts`. What happens in which order is
 * not decided here (`../run.ts`), nor what a kernel is expected to be able to do (`../expectations.json`).
 *
 * @module
 */
import type { Case } from "../case.ts";
import { biolatencyCases } from "./biolatency.ts";
import { biosnoopCases } from "./biosnoop.ts";
import { conditionCases } from "./conditions.ts";
import { dcsnoopCases } from "./dcsnoop.ts";
import { dcstatCases } from "./dcstat.ts";
import { dirtopCases } from "./dirtop.ts";
import { filegoneCases } from "./filegone.ts";
import { filelifeCases } from "./filelife.ts";
import { fileslowerCases } from "./fileslower.ts";
import { filetopCases } from "./filetop.ts";
import { fsslowerCases } from "./fsslower.ts";
import { fsdistCases } from "./fsdist.ts";
import { leftoverCases } from "./leftovers.ts";
import { execsnoopCases } from "./execsnoop.ts";
import { mountsnoopCases } from "./mountsnoop.ts";
import { opensnoopCases } from "./opensnoop.ts";
import { besideCases } from "./beside.ts";
import { peerCases } from "./peers.ts";
import { readpathCases } from "./readpath.ts";
import { runqlatCases } from "./runqlat.ts";
import { runqslowerCases } from "./runqslower.ts";
import { statsnoopCases } from "./statsnoop.ts";
import { vfscountCases } from "./vfscount.ts";
import { vfsstatCases } from "./vfsstat.ts";

/** All cases, in the order they run. Conditions come last: the last of them lock a guest down until it is powered off. */
export const cases: readonly Case[] = [
  ...vfsstatCases,
  ...filetopCases,
  ...dcstatCases,
  ...runqslowerCases,
  ...fileslowerCases,
  ...fsslowerCases,
  ...fsdistCases,
  ...opensnoopCases,
  ...execsnoopCases,
  ...statsnoopCases,
  ...mountsnoopCases,
  ...runqlatCases,
  ...biolatencyCases,
  ...biosnoopCases,
  ...dirtopCases,
  ...filelifeCases,
  ...filegoneCases,
  ...dcsnoopCases,
  ...vfscountCases,
  ...readpathCases,
  ...peerCases,
  ...besideCases,
  ...leftoverCases,
  ...conditionCases,
];
