/**
 * `ktop doctor`: the features that this kernel and these privileges allow; for the others the reason and the remedy.
 *
 * @module
 */
import { Command } from "commander";
import {
  BpfObject,
  type Features,
  offeredTiers,
  type Plan,
  PRIVILEGE_REMEDY,
  type Probe,
  probeFeatures,
} from "../bpf/mod.ts";
import { growRing, limitsOf, MAX_MEMORY } from "../monitor/mod.ts";
import { escapeText, humanBytes } from "../text/mod.ts";
import { aliasesOf, DEFAULT_PANES, hooksOf, type Tool } from "../tools/mod.ts";
import { aliasText, alignTable, type PlannedTool, planTools } from "./list_command.ts";
import { type CommonOptions, defaultToolOptions } from "./options.ts";
import { settingsFor } from "./configuration_options.ts";
import {
  type CapabilityUse,
  findRestrictions,
  keptByOutput,
  keptByScreen,
  keptForStacks,
  permitted,
  wouldUse,
} from "./privileges.ts";
import { screenNeeds } from "./screen_command.ts";
import { withProgress } from "./notices.ts";
import { standardOutput } from "./standard_streams.ts";
import { VERSION } from "./version.ts";

/** The features in the order of the report, with their names there. */
const FEATURE_NAMES = {
  btf: "kernel types (BTF)",
  fentry: "fentry and fexit",
  kprobe: "kprobes",
  kprobeMulti: "kprobe.multi",
  tracepoint: "tracepoints (tp_btf, raw_tp)",
  perfEvents: "perf events (CPU clock)",
  ringBuffer: "ring buffer",
  mapBatch: "batched map operations",
  lockdown: "reading kernel memory (lockdown)",
  jit: "BPF JIT",
  bpfStats: "run-time statistics",
  hostPidNamespace: "host's process ids",
} as const satisfies Partial<Record<keyof Features, string>>;

type FeatureName = keyof typeof FEATURE_NAMES;

const featureNames = Object.keys(FEATURE_NAMES) as FeatureName[];

interface Diagnosis {
  readonly features: Features;
  readonly plans: readonly PlannedTool[];
  readonly kept: KeptPrivileges;
  /** Kernel memory of each runnable tool's maps and ring buffers, bytes, by name; null: unknown. */
  readonly mapBytes: ReadonlyMap<string, number | null>;
  /** The same with the larger ring buffers of text, --json and --csv, for the tools with events. */
  readonly outputMapBytes: ReadonlyMap<string, number | null>;
  /** The missing capabilities that each tool would use, by name. */
  readonly wouldUse: ReadonlyMap<string, readonly CapabilityUse[]>;
}

/** The capabilities that a run keeps after attaching, by kind of run. */
interface KeptPrivileges {
  readonly output: readonly CapabilityUse[];
  /** By output in addition, for tools with stacks of programs. */
  readonly stacks: readonly CapabilityUse[];
  readonly screen: readonly CapabilityUse[];
}

async function keptPrivileges(common: CommonOptions): Promise<KeptPrivileges> {
  // An invalid configuration is an error of the screen, not of this report.
  const loaded = await settingsFor(common).catch(() => settingsFor({ ...common, config: false }));
  return { output: keptByOutput([]), stacks: keptForStacks(), screen: keptByScreen(screenNeeds(loaded)) };
}

/** What the process ktop-stats keeps. */
const STATS_HELPER: CapabilityUse = {
  capability: "CAP_SYS_ADMIN",
  why: "switches run-time statistics (key c): only in the process ktop-stats, which does nothing else",
};

function keptText({ output, stacks, screen }: KeptPrivileges): string {
  const rows = (kept: readonly CapabilityUse[]) =>
    kept.length === 0 ? [["  none", ""]] : kept.map(({ capability, why }) => [`  ${capability}`, why]);
  return [
    "\nCapabilities kept by text, --json, --csv and record after attaching\n",
    alignTable(rows(output)),
    stacks.length > 0 ? "\nCapabilities also kept for stacks of programs\n" : "",
    stacks.length > 0 ? alignTable(rows(stacks)) : "",
    "\nCapabilities kept by the screen after attaching\n",
    alignTable(rows([...screen, ...permitted([STATS_HELPER])])),
  ].join("");
}

/** One row for each use, with the tools that share it. */
function wouldUseText({ wouldUse }: Diagnosis): string {
  const tools = new Map<string, { readonly use: CapabilityUse; readonly names: string[] }>();
  for (const [name, uses] of wouldUse) {
    for (const use of uses) {
      const key = `${use.capability} ${use.why}`;
      const entry = tools.get(key) ?? { use, names: [] };
      entry.names.push(name);
      tools.set(key, entry);
    }
  }
  if (tools.size === 0) return "";
  const sorted = [...tools.values()].toSorted((a, b) => a.use.capability < b.use.capability ? -1 : 1);
  const rows = sorted.map(({ use: { capability, why }, names }) => [
    `  ${capability}`,
    `${why}: ${names.length === wouldUse.size ? "all tools" : names.join(", ")}`,
  ]);
  return `\nMissing capabilities that tools would also use\n${alignTable(rows)}`;
}

/** Whether a hook would use a kprobe with the capability that the feature probe for kprobes misses. */
function lacksKprobes({ tool, plan }: PlannedTool, { kprobe }: Features, common: CommonOptions): boolean {
  if (kprobe.missing === undefined) return false;
  const hooks = hooksOf(tool, defaultToolOptions(tool, common));
  return hooks.some((hook, index) =>
    offeredTiers(hook).includes("kprobe") && plan.hooks[index]!.tier !== "fentry"
  );
}

async function findWouldUse(
  { features, plans, common, mapBytes }: {
    readonly features: Features;
    readonly plans: readonly PlannedTool[];
    readonly common: CommonOptions;
    readonly mapBytes: ReadonlyMap<string, number | null>;
  },
): Promise<Diagnosis["wouldUse"]> {
  const here = await findRestrictions();
  const uses = plans.map((planned): [string, CapabilityUse[]] => {
    const { tool, plan } = planned;
    const lacks = lacksKprobes(planned, features, common);
    if (plan.tier === null && !lacks) return [tool.name, []];
    // Without CAP_BPF maps are not measured.
    const bytes = mapBytes.has(tool.name) ? mapBytes.get(tool.name)! : 0;
    return [tool.name, wouldUse(tool, { mapBytes: bytes, lacksKprobes: lacks }, here)];
  });
  return new Map(uses.filter(([, uses]) => uses.length > 0));
}

async function measureMaps(
  { capabilities }: Features,
  plans: readonly PlannedTool[],
  maxMemory: number,
): Promise<Pick<Diagnosis, "mapBytes" | "outputMapBytes">> {
  const mapBytes = new Map<string, number | null>();
  const outputMapBytes = new Map<string, number | null>();
  const limits = limitsOf({ maxMemory, streamed: true }, 1);
  for (const { tool, plan } of capabilities.missing.length > 0 ? [] : plans) {
    if (plan.tier === null) continue;
    const name = tool.object ?? tool.name;
    mapBytes.set(tool.name, await BpfObject.measureMaps(name));
    if (tool.view !== "events") continue;
    outputMapBytes.set(tool.name, await BpfObject.measureMaps(name, (object) => growRing(object, limits)));
  }
  return { mapBytes, outputMapBytes };
}

const shownBytes = (bytes: number | null | undefined): string =>
  typeof bytes === "number" ? humanBytes(bytes) : "unknown";

function mapsText({ mapBytes, outputMapBytes }: Diagnosis): string {
  const panes = DEFAULT_PANES.map((name) => mapBytes.get(name) ?? 0).reduce((sum, bytes) => sum + bytes, 0);
  return [
    "\nKernel memory of maps and ring buffers, fixed while a tool runs\n",
    alignTable([
      ...[...mapBytes].map(([name, bytes]) => {
        const larger = outputMapBytes.has(name)
          ? `${shownBytes(outputMapBytes.get(name))} for text, --json and --csv`
          : "";
        return [`  ${name}`, shownBytes(bytes), larger];
      }),
      ["  default panes", humanBytes(panes), ""],
    ]),
  ].join("");
}

function diagnosisJson(
  { features, plans, kept, mapBytes, outputMapBytes, wouldUse }: Diagnosis,
): string {
  const probes = Object.fromEntries(featureNames.map((name) => [name, features[name]]));
  const tools = plans.map(({ tool, plan }) => ({
    tool: tool.name,
    aliases: aliasesOf(tool),
    ...plan,
    caveat: caveat(tool, plan) || null,
    map_bytes: mapBytes.get(tool.name) ?? null,
    output_map_bytes: outputMapBytes.get(tool.name) ?? mapBytes.get(tool.name) ?? null,
    would_use: wouldUse.get(tool.name) ?? [],
  }));
  const { config, capabilities } = features;
  return JSON.stringify({
    v: 1,
    version: VERSION,
    kernel: Deno.osRelease(),
    arch: Deno.build.arch,
    features: probes,
    capabilities,
    kept,
    config: config ? Object.fromEntries(config) : null,
    tools,
  }) + "\n";
}

function sentence(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "")
    .map((part, i, all) => i < all.length - 1 && !part.endsWith(".") ? `${part}.` : part).join(" ");
}

function missingText({ missing, detail }: Features["capabilities"]): string {
  return sentence(`missing ${missing.join(" and ")}`, detail, PRIVILEGE_REMEDY);
}

/** The remedy for missing capabilities is in their row alone. */
function probeRow(label: string, probe: Probe): string[] {
  const since = probe.answer === "yes" || !probe.since ? "" : `since Linux ${probe.since}`;
  const remedy = probe.answer === "yes" || probe.remedy === PRIVILEGE_REMEDY ? "" : probe.remedy;
  return [`  ${label}`, probe.answer, sentence(probe.detail, remedy ?? "", since)];
}

/** What the tool does not count or report on its tiers. */
function caveat(tool: Tool, plan: Plan): string {
  const tiers = plan.tier?.split("+") ?? [];
  return tiers.map((tier) => tool.caveats[tier as keyof Tool["caveats"]] ?? "").filter(Boolean).join("; ");
}

function toolRow({ tool, plan }: PlannedTool): string[] {
  if (plan.tier === null) {
    return [`  ${tool.name}`, "no", sentence(aliasText(tool), plan.reason, plan.remedy)];
  }
  const without = plan.hooks.filter(({ tier }) => tier === null).map(({ hook, reason }) =>
    `without ${hook}: ${reason}`
  );
  return [`  ${tool.name}`, plan.tier, sentence(aliasText(tool), caveat(tool, plan), ...without)];
}

function diagnosisText(diagnosis: Diagnosis): string {
  const { features, plans, kept } = diagnosis;
  const { capabilities, config } = features;
  const allowed = capabilities.missing.length === 0;
  const options = config
    ? [...config].map(([name, value]) => `${name}=${value}`).join(" ")
    : "not readable (/proc/config.gz, /boot/config-*)";
  const rows = [
    ...featureNames.map((name) => probeRow(FEATURE_NAMES[name], features[name])),
    ["  capabilities", allowed ? "yes" : "no", allowed ? "" : missingText(capabilities)],
  ];
  return [
    `ktop ${VERSION} on Linux ${escapeText(Deno.osRelease())} ${Deno.build.arch}\n`,
    "\nThis kernel and these privileges\n",
    alignTable(rows),
    allowed
      ? "\nTools\n"
      : "\nTools (the tiers expected with the missing capabilities, unless something else prevents them)\n",
    alignTable(plans.map(toolRow)),
    allowed ? mapsText(diagnosis) : "",
    allowed ? keptText(kept) : "",
    allowed ? wouldUseText(diagnosis) : "",
    `\nKernel options: ${options}\n`,
  ].join("");
}

/** The command `doctor`. */
export function doctorCommand(programOptions: () => CommonOptions): Command {
  const command = new Command("doctor").description(
    "check what this kernel and these privileges allow, and how to get the rest",
  );
  command.option("--json", "print one JSON object").action(async (own: { json?: boolean }) => {
    const common = programOptions();
    const features = await withProgress("probing kernel features", probeFeatures());
    const plans = planTools(features, common);
    const maxMemory = common.maxMemory ?? MAX_MEMORY.default;
    const maps = await withProgress("measuring maps", measureMaps(features, plans, maxMemory));
    const diagnosis = {
      features,
      plans,
      kept: await keptPrivileges(common),
      wouldUse: await findWouldUse({ features, plans, common, ...maps }),
      ...maps,
    };
    const json = own.json ?? common.json ?? false;
    await standardOutput().write(
      json ? diagnosisJson(diagnosis) : diagnosisText(diagnosis),
    );
  });
  return command;
}
