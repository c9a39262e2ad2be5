/**
 * Which capabilities a run keeps once its tools are attached, which others its tools would use, and why.
 *
 * @module
 */
import { dirname } from "node:path";
import {
  Access,
  accessNeedsCapability,
  bpfNeedsCapability,
  capabilityFor,
  type CapabilityName,
  hasCapabilities,
  hidesAddresses,
  isOlder,
  keepOnly,
  readEffectiveCapabilities,
  startStatsHelper,
  TRACEABLE,
} from "../bpf/mod.ts";
import { type Tool, TOOLS } from "../tools/mod.ts";

/** A capability, and what ktop does with it. */
export interface CapabilityUse {
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

/** Those uses that this process has the capability for; CAP_SYS_ADMIN takes the place of those it includes. */
export function permitted(
  uses: readonly CapabilityUse[],
  effective: ReadonlySet<CapabilityName> = readEffectiveCapabilities(),
): readonly CapabilityUse[] {
  return uses.flatMap(({ capability, why }) => {
    const held = capabilityFor(capability, effective);
    return held === null ? [] : [{ capability: held, why }];
  });
}

/** What naming functions in user space needs, for processes of other users. */
const USER_FUNCTIONS: readonly CapabilityUse[] = [
  { capability: "CAP_SYS_PTRACE", why: "reads what processes of stacks have mapped" },
  {
    capability: "CAP_CHECKPOINT_RESTORE",
    why: "names functions in stacks from mapped files, also deleted ones",
  },
  { capability: "CAP_DAC_READ_SEARCH", why: "names functions in stacks from files of other users" },
];

const namesUserFunctions = (tools: ToolReads): boolean =>
  tools.some(({ reads }) => reads?.includes("user functions"));

/** The tools of a run, by what they read. */
type ToolReads = readonly Pick<Tool, "reads">[];

/** What output without a screen keeps besides, with tools that name functions in user space. */
export const keptForStacks = (): readonly CapabilityUse[] =>
  namesUserFunctions(TOOLS) ? permitted(USER_FUNCTIONS) : [];

/**
 * What output without a screen keeps: it attaches nothing later.
 *
 * @param directories in which it creates files
 */
export function keptByOutput(
  tools: ToolReads,
  directories: readonly string[] = [],
): readonly CapabilityUse[] {
  const kept: CapabilityUse[] = namesUserFunctions(tools) ? [...USER_FUNCTIONS] : [];
  if (bpfNeedsCapability()) {
    kept.push({ capability: "CAP_BPF", why: "reads maps, which this kernel allows only with it" });
  }
  kept.push(...keptForWriting(directories, "records into a directory of another user"));
  return permitted(kept);
}

/** What the screen keeps, which may attach any tool later. */
export function keptByScreen({ directories, watchesDirectories }: ScreenNeeds): readonly CapabilityUse[] {
  const kept: CapabilityUse[] = [
    { capability: "CAP_BPF", why: "attaches panes that are chosen or changed" },
    { capability: "CAP_PERFMON", why: "attaches panes that are chosen or changed" },
    { capability: "CAP_SYSLOG", why: "reads addresses of kernel functions for panes with stacks" },
  ];
  if (namesUserFunctions(TOOLS)) kept.push(...USER_FUNCTIONS);
  kept.push(...keptForWriting(directories, SCREEN_WRITES));
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
  return permitted(kept);
}

const SCREEN_WRITES = "w or W writes into a directory of another user";

/** The capability to write into directories, if one of them requires it. */
function keptForWriting(directories: readonly string[], why: string): readonly CapabilityUse[] {
  if (!directories.some(writeNeedsCapability)) return [];
  return [{ capability: "CAP_DAC_OVERRIDE", why }];
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
  /** Paths of the recording, which is opened again for each seek; none: standard input or the demo. */
  readonly recordings: readonly string[];
  /** Directories in which `w` writes; none without a screen. */
  readonly directories: readonly string[];
}

/** What a replay keeps. */
export function keptByReplay({ recordings, directories }: ReplayNeeds): readonly CapabilityUse[] {
  const kept = [...keptForWriting(directories, SCREEN_WRITES)];
  if (recordings.some((path) => accessNeedsCapability(path, Access.read))) {
    kept.push({ capability: "CAP_DAC_READ_SEARCH", why: "reads a recording of another user" });
  }
  return permitted(kept);
}

/** Drops the privileges that a replay does not need. Must be called before any byte of the recording is parsed. */
export async function reduceReplay(needs: ReplayNeeds): Promise<void> {
  if (hasCapabilities()) await keep(keptByReplay(needs));
}

/** What a run does that shows other machines. */
export interface HostsNeeds {
  /** Directories in which `w` writes; none without a screen. */
  readonly directories: readonly string[];
  /** The executable that hosts may request; null: none. */
  readonly executable: string | null;
}

/** What a run that shows other machines keeps. */
export function keptByHosts({ directories, executable }: HostsNeeds): readonly CapabilityUse[] {
  const kept: CapabilityUse[] = [{ capability: "CAP_KILL", why: "ends an ssh that runs as another user" }];
  kept.push(...keptForWriting(directories, SCREEN_WRITES));
  if (executable !== null && accessNeedsCapability(executable, Access.read)) {
    kept.push({ capability: "CAP_DAC_READ_SEARCH", why: "copies its own executable to hosts" });
  }
  return permitted(kept);
}

/**
 * Drops the privileges that showing other machines does not need; ssh has those of the user. Must be called before any byte of a host
 * is parsed.
 */
export async function reduceHosts(needs: HostsNeeds): Promise<void> {
  if (!hasCapabilities()) return;
  await keepOnly(keptByHosts(needs).map(({ capability }) => capability), true);
}

/** What the machine hides from this process, or limits, because it has no more capabilities. */
export interface Restrictions {
  readonly effective: ReadonlySet<CapabilityName>;
  /** /proc/kallsyms shows no addresses. */
  readonly hidesAddresses: boolean;
  /** tracefs is closed. */
  readonly hidesTraceable: boolean;
  /** /proc hides the processes of other users. */
  readonly hidesProcesses: boolean;
  /** Maps count against RLIMIT_MEMLOCK: before Linux 5.11 (commit 3ac1f01b43b6). */
  readonly countsMaps: boolean;
}

/** Whether /proc shows this process nothing of process 1. */
function hidesInit(): boolean {
  try {
    Deno.readTextFileSync("/proc/1/stat");
    return false;
  } catch {
    return true;
  }
}

/** The restrictions of this process. */
export async function findRestrictions(): Promise<Restrictions> {
  return {
    effective: readEffectiveCapabilities(),
    hidesAddresses: await hidesAddresses(),
    hidesTraceable: TRACEABLE.some((path) => accessNeedsCapability(path, Access.read)),
    hidesProcesses: hidesInit(),
    countsMaps: isOlder(Deno.osRelease(), [5, 11]),
  };
}

/**
 * The capabilities that a tool would use and this process does not have. Pure.
 *
 * @param found kernel memory of its maps (null: they could not be created), and whether a hook would use a kprobe that only a
 * missing capability prevents
 */
export function wouldUse(
  { reads = [], flags }: Pick<Tool, "reads" | "flags">,
  { mapBytes, lacksKprobes }: { readonly mapBytes: number | null; readonly lacksKprobes: boolean },
  here: Restrictions,
): CapabilityUse[] {
  const takesDirectories = flags.some(({ name }) => name === "directory" || name === "directories");
  const uses: (CapabilityUse | false)[] = [
    here.countsMaps && mapBytes === null && {
      capability: "CAP_SYS_RESOURCE",
      why: "raises RLIMIT_MEMLOCK, which is too low for its maps",
    },
    lacksKprobes && {
      capability: "CAP_SYS_ADMIN",
      why: "attaches kprobes, which kernel.perf_event_paranoid forbids",
    },
    here.hidesAddresses && reads.includes("addresses") && {
      capability: "CAP_SYSLOG",
      why: "shows names of kernel functions, not only addresses",
    },
    here.hidesTraceable && reads.includes("traceable functions") && {
      capability: "CAP_DAC_READ_SEARCH",
      why: "reads from tracefs which functions can be traced",
    },
    takesDirectories && {
      capability: "CAP_DAC_READ_SEARCH",
      why: "finds directories that are closed to this user",
    },
    ...(reads.includes("user functions") ? USER_FUNCTIONS : []),
    here.hidesProcesses && {
      capability: "CAP_SYS_PTRACE",
      why: "reads processes of other users, which /proc hides (hidepid)",
    },
    { capability: "CAP_SYS_ADMIN", why: "measures the run time of BPF programs (--cost, key c)" },
  ];
  return uses.flatMap((use) => use && capabilityFor(use.capability, here.effective) === null ? [use] : []);
}

/** Gives up every other capability. */
export function keep(kept: readonly CapabilityUse[]): Promise<void> {
  return keepOnly(kept.map(({ capability }) => capability));
}

/** Gives up what a screen does not need; the key for the cost of BPF programs then works through another process. */
export async function reduceScreen(needs: ScreenNeeds): Promise<void> {
  await startStatsHelper().catch(() => {}); // the key then reports the missing capability
  await keep(keptByScreen(needs));
}
