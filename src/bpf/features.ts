/**
 * What this kernel and these privileges allow, found out by trying. Only a conclusive failure is a "no".
 *
 * @module
 */
import { errnoName, errnoNumber } from "../ffi/mod.ts";
import { PRIVILEGE_REMEDY, readCapabilities } from "./capabilities.ts";
import type { Features, Probe } from "./hooks.ts";
import { type KernelOption, readConfig } from "./kernel_config.ts";
import { inHostNamespace } from "./namespaces.ts";
import {
  tryFentry,
  tryKprobe,
  tryKprobeMulti,
  tryMapBatch,
  tryRawTracepoint,
  tryReadKernel,
  tryRingBuffer,
  tryStats,
} from "./trial.ts";

const ENOENT = -errnoNumber("ENOENT");
const EPERM = -errnoNumber("EPERM");

/** Failures of the moment, which say nothing about the kernel. */
const PASSING: ReadonlySet<number> = new Set(
  ["EINTR", "EAGAIN", "ENOMEM", "EMFILE", "ENFILE", "EBUSY", "ENOSPC"].map((name) => -errnoNumber(name)),
);

/** What every probe may need to know. */
interface Context {
  readonly config: ReadonlyMap<string, string> | null;
  readonly privileged: boolean;
}

/** What a probe says when the kernel refuses. */
interface Refusal {
  /** "the kernel was built without CONFIG_KPROBES" */
  readonly detail: string;
  readonly remedy: string;
  readonly since?: string;
  /** The detail says it all: no errno after it. */
  readonly explained?: boolean;
}

const yes = (detail = "", since?: string): Probe => ({ answer: "yes", detail, remedy: "", since });

/** Makes a probe of a trial's result: 0 or a negative errno. */
function judge(result: number, context: Context, refusal: Refusal): Probe {
  if (result >= 0) return yes("", refusal.since);
  const { since } = refusal;
  if (!context.privileged) {
    return {
      answer: "inconclusive",
      detail: `not permitted to try (${errnoName(result)})`,
      remedy: PRIVILEGE_REMEDY,
      since,
    };
  }
  if (PASSING.has(result)) {
    return {
      answer: "inconclusive",
      detail: `trying failed (${errnoName(result)})`,
      remedy: "Try again.",
      since,
    };
  }
  const detail = refusal.explained ? refusal.detail : `${refusal.detail} (${errnoName(result)})`;
  return { answer: "no", detail, remedy: refusal.remedy, since };
}

/** A refusal that the first missing one of these kernel options explains, where the options are readable; `other` else. */
function because(context: Context, options: readonly KernelOption[], other: Refusal): Refusal {
  const missing = options.find((option) => context.config?.get(option) === "n");
  if (missing === undefined) return other;
  const detail = `the kernel was built without ${missing}`;
  return { ...other, detail, remedy: `Run a kernel with ${missing}.`, explained: true };
}

async function readLine(path: string): Promise<string | null> {
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch {
    return null; // absent or unreadable: the caller's answer is the same
  }
}

async function probeBtf(context: Context): Promise<Probe> {
  try {
    await Deno.stat("/sys/kernel/btf/vmlinux");
    return yes("", "5.4");
  } catch {
    return judge(
      ENOENT,
      { ...context, privileged: true },
      because(context, ["CONFIG_DEBUG_INFO_BTF"], {
        detail: "/sys/kernel/btf/vmlinux cannot be read",
        remedy: "Run a kernel with CONFIG_DEBUG_INFO_BTF=y, and mount /sys.",
        since: "5.4",
      }),
    );
  }
}

async function probeFentry(context: Context, btf: Probe): Promise<Probe> {
  if (btf.answer === "no") return { ...btf, since: "5.5" };
  const result = await tryFentry();
  const options = [
    "CONFIG_FUNCTION_TRACER",
    "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS",
    "CONFIG_BPF_JIT",
  ] as const;
  return judge(
    result,
    context,
    because(context, options, {
      detail: result === EPERM
        ? "the kernel refuses fentry programs: ftrace is switched off or locked down"
        : "the kernel refuses fentry programs",
      remedy: "Run a kernel with working ftrace (x86-64: Linux 5.5, arm64: 6.0).",
      since: "5.5",
    }),
  );
}

async function probeKprobe(context: Context): Promise<Probe> {
  const type = await readLine("/sys/bus/event_source/devices/kprobe/type");
  const result = type === null ? ENOENT : await tryKprobe(Number(type));
  return judge(
    result,
    context,
    because(context, ["CONFIG_KPROBES", "CONFIG_KPROBE_EVENTS", "CONFIG_PERF_EVENTS"], {
      detail: "the kernel has no kprobe events",
      remedy: "Run a kernel with CONFIG_KPROBES and CONFIG_KPROBE_EVENTS.",
      since: "4.17",
    }),
  );
}

async function probeKprobeMulti(context: Context, kprobe: Probe): Promise<Probe> {
  if (kprobe.answer === "no") return { ...kprobe, since: "5.18" };
  return judge(
    await tryKprobeMulti(),
    context,
    because(context, ["CONFIG_FPROBE"], {
      detail: "the kernel has no kprobe.multi",
      remedy: "Run Linux 5.18 or later with CONFIG_FPROBE.",
      since: "5.18",
    }),
  );
}

async function probeTracepoint(context: Context): Promise<Probe> {
  return judge(
    await tryRawTracepoint(),
    context,
    because(context, ["CONFIG_BPF_SYSCALL", "CONFIG_BPF_EVENTS"], {
      detail: "the kernel refuses raw tracepoint programs",
      remedy: "Run a kernel with CONFIG_BPF_EVENTS.",
      since: "4.17",
    }),
  );
}

async function probeLockdown(context: Context): Promise<Probe> {
  const modes = await readLine("/sys/kernel/security/lockdown");
  const mode = /\[(\w+)\]/.exec(modes ?? "")?.[1];
  const probe = judge(await tryReadKernel(), context, {
    detail: "BPF may not read kernel memory, as under lockdown=confidentiality",
    remedy: "Boot with lockdown=integrity or none; confidentiality refuses what every tool needs.",
  });
  return probe.answer === "yes" && mode !== undefined ? yes(`lockdown=${mode}`) : probe;
}

async function probeJit(): Promise<Probe> {
  const value = await readLine("/proc/sys/net/core/bpf_jit_enable");
  if (value === null) {
    return { answer: "inconclusive", detail: "net.core.bpf_jit_enable is unreadable", remedy: "" };
  }
  if (value !== "0") return yes();
  return {
    answer: "no",
    detail: "programs are interpreted, slowly",
    remedy: "Run: sysctl net.core.bpf_jit_enable=1.",
  };
}

function probePidNamespace(): Probe {
  const host = inHostNamespace("pid");
  if (host) return yes();
  if (host === null) {
    return { answer: "inconclusive", detail: "/proc/self/ns/pid is unreadable", remedy: "" };
  }
  return {
    answer: "no",
    detail: "this is a pid namespace: the pids shown are the host's, and --pid takes those",
    remedy: "Start the container with the host's pid namespace (--pid=host).",
  };
}

/** Draining an empty map ends with ENOENT: the operation exists. */
const emptyIsFine = (result: number): number => result === ENOENT ? 0 : result;

async function probe(): Promise<Features> {
  const capabilities = readCapabilities();
  const context = { config: await readConfig(), privileged: capabilities.missing.length === 0 };
  const btf = await probeBtf(context);
  const kprobe = await probeKprobe(context);
  return {
    btf,
    kprobe,
    kprobeMulti: await probeKprobeMulti(context, kprobe),
    fentry: await probeFentry(context, btf),
    tracepoint: await probeTracepoint(context),
    ringBuffer: judge(await tryRingBuffer(), context, {
      detail: "the kernel has no BPF ring buffer",
      remedy: "Run Linux 5.8 or later.",
      since: "5.8",
    }),
    lockdown: await probeLockdown(context),
    mapBatch: judge(emptyIsFine(await tryMapBatch()), context, {
      detail: "the kernel drains maps key by key",
      remedy: "Run Linux 5.6 or later.",
      since: "5.6",
    }),
    bpfStats: judge(await tryStats(), context, {
      detail: "the kernel cannot measure programs",
      remedy: "Run Linux 5.8 or later, with CAP_SYS_ADMIN.",
      since: "5.8",
    }),
    jit: await probeJit(),
    hostPidNamespace: probePidNamespace(),
    capabilities,
    config: context.config,
  };
}

let cached: Promise<Features> | undefined;

/** What this kernel and these privileges allow; tried once in a process. */
export function probeFeatures(): Promise<Features> {
  return cached ??= probe();
}
