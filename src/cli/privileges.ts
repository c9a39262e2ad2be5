/**
 * Which capabilities a run keeps once its tools are attached, and why.
 *
 * @module
 */
import { dirname } from "node:path";
import {
  Access,
  accessNeedsCapability,
  bpfNeedsCapability,
  type CapabilityName,
  hasCapabilities,
  keepOnly,
  startStatsHelper,
} from "../bpf/mod.ts";

/** A capability that is kept, and what needs it. */
export interface Kept {
  readonly capability: CapabilityName;
  readonly why: string;
}

/** What a screen may do later, besides attaching panes. */
export interface ScreenNeeds {
  /** Directories in which `w` and `W` write. */
  readonly directories: readonly string[];
  /** Tools are configured to watch directories. */
  readonly watchesDirectories: boolean;
}

/** What output without a screen keeps: it attaches nothing later. */
export function keptByOutput(): readonly Kept[] {
  if (!bpfNeedsCapability()) return [];
  return [{ capability: "CAP_BPF", why: "reads maps, which this kernel allows only with it" }];
}

/** What the screen keeps. */
export function keptByScreen({ directories, watchesDirectories }: ScreenNeeds): readonly Kept[] {
  const kept: Kept[] = [
    { capability: "CAP_BPF", why: "attaches panes that are chosen or changed" },
    { capability: "CAP_PERFMON", why: "attaches panes that are chosen or changed" },
    { capability: "CAP_SYSLOG", why: "reads addresses of kernel functions for panes with stacks" },
  ];
  kept.push(...keptForWriting(directories));
  if (watchesDirectories) {
    kept.push({
      capability: "CAP_DAC_READ_SEARCH",
      why: "finds the directories that panes are configured to watch",
    });
  }
  if (hidesProcesses()) {
    kept.push({
      capability: "CAP_SYS_PTRACE",
      why: "reads processes of other users, which /proc hides (hidepid)",
    });
  }
  return kept;
}

/** The capability to write into directories, if one of them requires it. */
function keptForWriting(directories: readonly string[]): readonly Kept[] {
  if (!directories.some(writeNeedsCapability)) return [];
  return [{ capability: "CAP_DAC_OVERRIDE", why: "w or W writes into a directory of another user" }];
}

/** Whether only a capability allows this user to create a file in the directory, or in the nearest existing one above it. */
function writeNeedsCapability(path: string): boolean {
  if (accessNeedsCapability(path, Access.write | Access.execute)) return true;
  return !exists(path) && path !== dirname(path) && writeNeedsCapability(dirname(path));
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Whether /proc is mounted with hidepid (proc(5)). */
function hidesProcesses(): boolean {
  return /^\S+ \S+ \S+ \S+ \/proc .* - proc .*hidepid=(?!0|off)/m.test(
    Deno.readTextFileSync("/proc/self/mountinfo"),
  );
}

/** What a replay may do after it has opened the recording. */
export interface ReplayNeeds {
  /** The recording, which is opened again for each seek; null: standard input or the demo. */
  readonly recording: string | null;
  /** Directories in which `w` writes; none without a screen. */
  readonly directories: readonly string[];
}

/** What a replay keeps. */
export function keptByReplay({ recording, directories }: ReplayNeeds): readonly Kept[] {
  const kept = [...keptForWriting(directories)];
  if (recording !== null && accessNeedsCapability(recording, Access.read)) {
    kept.push({ capability: "CAP_DAC_READ_SEARCH", why: "reads a recording of another user" });
  }
  return kept;
}

/** Drops the privileges that a replay does not need. Must be called before any byte of the recording is parsed. */
export async function reduceReplay(needs: ReplayNeeds): Promise<void> {
  if (hasCapabilities()) await keep(keptByReplay(needs));
}

/** Gives up every other capability. */
export function keep(kept: readonly Kept[]): Promise<void> {
  return keepOnly(kept.map(({ capability }) => capability));
}

/** Gives up what a screen does not need; the key for the cost of BPF programs then works through another process. */
export async function reduceScreen(needs: ScreenNeeds): Promise<void> {
  await startStatsHelper().catch(() => {}); // the key then reports the missing capability
  await keep(keptByScreen(needs));
}
