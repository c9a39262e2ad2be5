/**
 * Which capabilities a run keeps once its tools are attached, and why.
 *
 * @module
 */
import { dirname } from "node:path";
import { bpfNeedsCapability, type CapabilityName, keepOnly, startStatsHelper } from "../bpf/mod.ts";

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
  if (!directories.every(isWritable)) {
    kept.push({ capability: "CAP_DAC_OVERRIDE", why: "w or W writes into a directory of another user" });
  }
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

/** Whether this user may create a file in the directory, or in the nearest one above it that exists. */
function isWritable(path: string): boolean {
  try {
    const { mode, uid, gid } = Deno.statSync(path);
    const bits = (mode ?? 0) >> (uid === Deno.uid() ? 6 : gid === Deno.gid() ? 3 : 0);
    return (bits & 0o3) === 0o3;
  } catch (error) {
    return error instanceof Deno.errors.NotFound && path !== dirname(path) && isWritable(dirname(path));
  }
}

/** Whether /proc is mounted with hidepid (proc(5)). */
function hidesProcesses(): boolean {
  return /^\S+ \S+ \S+ \S+ \/proc .* - proc .*hidepid=(?!0|off)/m.test(
    Deno.readTextFileSync("/proc/self/mountinfo"),
  );
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
