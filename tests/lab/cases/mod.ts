/**
 * All cases: one file for each tool, and files for conditions, peers and leftovers. A case is data: name, tool, columns of the
 * matrix, workload, options, and checks (`../checks.ts`). `../run.ts` decides the order of events in a run,
 * `../expectations.json` what each kernel can do.
 *
 * @module
 */
import type { Case } from "../case.ts";
import { biolatencyCases } from "./biolatency.ts";
import { biosnoopCases } from "./biosnoop.ts";
import { biotopCases } from "./biotop.ts";
import { cachestatCases } from "./cachestat.ts";
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
import { nettopCases } from "./nettop.ts";
import { opensnoopCases } from "./opensnoop.ts";
import { peersApartCases } from "./peers_apart.ts";
import { peersServerCases } from "./peers_server.ts";
import { peersTogetherCases } from "./peers_together.ts";
import { readpathCases } from "./readpath.ts";
import { offcputimeCases } from "./offcputime.ts";
import { profileCases } from "./profile.ts";
import { runqlatCases } from "./runqlat.ts";
import { runqslowerCases } from "./runqslower.ts";
import { statsnoopCases } from "./statsnoop.ts";
import { syscallCases } from "./syscalls.ts";
import { syscountCases } from "./syscount.ts";
import { tcpacceptCases } from "./tcpaccept.ts";
import { tcpconnectCases } from "./tcpconnect.ts";
import { tcplifeCases } from "./tcplife.ts";
import { tcpretransCases } from "./tcpretrans.ts";
import { vfscountCases } from "./vfscount.ts";
import { vfsstatCases } from "./vfsstat.ts";
import { namesCases } from "./names.ts";
import { skippedCases } from "./skipped.ts";
import { waysCases } from "./ways.ts";

/** All cases, in their order in a guest. Conditions come last: a lockdown cannot be undone. */
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
  ...syscountCases,
  ...mountsnoopCases,
  ...runqlatCases,
  ...biolatencyCases,
  ...biosnoopCases,
  ...biotopCases,
  ...cachestatCases,
  ...dirtopCases,
  ...filelifeCases,
  ...filegoneCases,
  ...dcsnoopCases,
  ...vfscountCases,
  ...readpathCases,
  ...profileCases,
  ...offcputimeCases,
  ...nettopCases,
  ...tcplifeCases,
  ...tcpretransCases,
  ...tcpconnectCases,
  ...tcpacceptCases,
  ...skippedCases,
  ...waysCases,
  ...namesCases,
  ...syscallCases,
  ...peersApartCases,
  ...peersTogetherCases,
  ...peersServerCases,
  ...leftoverCases,
  ...conditionCases,
];
