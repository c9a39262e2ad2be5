/**
 * Feature probes: tests what this kernel and these privileges allow. Only a conclusive failure is a "no";
 * other failures are "inconclusive" and are tried again by the next call.
 *
 * @module
 */
import { errnoOf, errnoRemedy, isExhausted } from "../errors.ts";
import { errnoName, errnoNumber } from "../ffi/mod.ts";
import {
  type Capabilities,
  type CapabilityName,
  PRIVILEGE_REMEDY,
  readCapabilities,
  readEffectiveCapabilities,
} from "./capabilities.ts";
import { type KernelOption, readConfig } from "./kernel_config.ts";
import { inHostNamespace } from "./namespaces.ts";
import { isOlder, OLD_REMEDY } from "./old_kernel.ts";
import { type Probe, ProbeCache } from "./probe.ts";
import {
  tryFentry,
  tryKprobe,
  tryKprobeMulti,
  tryMapBatch,
  tryPerfEvent,
  tryRawTracepoint,
  tryReadKernel,
  tryRingBuffer,
  tryStats,
} from "./trial.ts";

/** What this kernel and these privileges allow. A yes means that ktop can use the feature. */
export interface Features {
  /** /sys/kernel/btf/vmlinux. */
  readonly btf: Probe;
  readonly kprobe: Probe;
  readonly kprobeMulti: Probe;
  /** fentry and fexit trampolines. */
  readonly fentry: Probe;
  /** raw_tp and tp_btf programs. */
  readonly tracepoint: Probe;
  /** Perf events on the clock of a CPU, which sample what runs. */
  readonly perfEvents: Probe;
  readonly ringBuffer: Probe;
  /** Yes: BPF may read the kernel's memory; lockdown=confidentiality forbids it. */
  readonly lockdown: Probe;
  /** Lookup and deletion of many keys in one call. */
  readonly mapBatch: Probe;
  /** Run time of programs (BPF_ENABLE_STATS). */
  readonly bpfStats: Probe;
  readonly jit: Probe;
  /** Yes: this process sees the same pids as BPF programs. */
  readonly hostPidNamespace: Probe;
  readonly capabilities: Capabilities;
  /** Kernel options that matter, by name with `CONFIG_`: "y", "m", "n" or a value; null when unreadable. */
  readonly config: ReadonlyMap<string, string> | null;
}

const ENOENT = -errnoNumber("ENOENT");
const EPERM = -errnoNumber("EPERM");
const EACCES = -errnoNumber("EACCES");
/** bpf(2) does not exist. */
const ENOSYS = -errnoNumber("ENOSYS");

const NO_SYSCALL: Refusal = {
  detail: "the kernel was built without CONFIG_BPF_SYSCALL",
  remedy: "Run a kernel with CONFIG_BPF_SYSCALL.",
  explained: true,
};

/** Transient errors, such as ENOMEM: they do not prove that the kernel does not have the feature. */
const TRANSIENT: ReadonlySet<number> = new Set(
  ["EINTR", "EAGAIN", "ENOMEM", "EMFILE", "ENFILE", "EBUSY", "ENOSPC"].map((name) => -errnoNumber(name)),
);

/** What probes depend on. */
interface Context {
  readonly config: ReadonlyMap<string, string> | null;
  readonly privileged: boolean;
}

/** The text of a "no". */
interface Refusal {
  /** "the kernel was built without CONFIG_KPROBES" */
  readonly detail: string;
  readonly remedy: string;
  readonly since?: string;
  /** The detail names the cause: do not append the errno. */
  readonly explained?: boolean;
  readonly missing?: CapabilityName;
}

const yes = (detail = "", since?: string): Probe => ({ answer: "yes", detail, remedy: "", since });

/** The answer that follows from a trial's result: 0 or a negative errno. */
function conclude(result: number, context: Context, other: Refusal): Probe {
  const { since } = other;
  if (result >= 0) return yes("", since);
  const refusal = result === ENOSYS ? NO_SYSCALL : other;
  if (!context.privileged) {
    return {
      answer: "inconclusive",
      detail: `not permitted to try (${errnoName(result)})`,
      remedy: PRIVILEGE_REMEDY,
      since,
    };
  }
  if (TRANSIENT.has(result)) {
    return {
      answer: "inconclusive",
      detail: `the probe failed (${errnoName(result)}), possibly because of a temporary error`,
      remedy: errnoRemedy(errnoName(result)) || "Try again.",
      since,
    };
  }
  const detail = refusal.explained ? refusal.detail : `${refusal.detail} (${errnoName(result)})`;
  const { missing } = refusal;
  return { answer: "no", detail, remedy: refusal.remedy, since, ...(missing && { missing }) };
}

/** A refusal that names the first missing kernel option of `options`; `other` when none is missing or known. */
function because(context: Context, options: readonly KernelOption[], other: Refusal): Refusal {
  const missing = options.find((option) => context.config?.get(option) === "n");
  if (missing === undefined) return other;
  const detail = `the kernel was built without ${missing}`;
  return { ...other, detail, remedy: `Run a kernel with ${missing}.`, explained: true };
}

/** The text of a one-line file; null when it is absent or unreadable. Throws Deno's error if descriptors or memory are exhausted. */
async function readLine(path: string): Promise<string | null> {
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch (error) {
    if (isExhausted(error)) throw error;
    return null;
  }
}

/** Why the kernel's types cannot be read; null when they can. */
async function typesRefusal(context: Context): Promise<Refusal | null> {
  const path = "/sys/kernel/btf/vmlinux";
  const errno = await statErrno(path);
  if (errno === null) return null;
  if (errno !== "ENOENT") {
    return { detail: `${path} cannot be read: ${errno}`, remedy: errnoRemedy(errno), explained: true };
  }
  if (await statErrno("/sys/kernel") !== null) {
    return {
      detail: `/sys is not mounted, and ktop reads the kernel's types (BTF) from ${path}`,
      remedy: "Run: mount -t sysfs sysfs /sys.",
      explained: true,
    };
  }
  // The kernel has the file only with both options.
  if (await tryReadKernel() === ENOSYS) return NO_SYSCALL;
  return because(context, ["CONFIG_DEBUG_INFO_BTF"], {
    detail: `the kernel has no BTF: ${path} does not exist`,
    remedy: "Run Linux 5.10 or later, built with CONFIG_DEBUG_INFO_BTF.",
    explained: true,
  });
}

/** The errno of stat(2); null when the file exists. */
async function statErrno(path: string): Promise<string | null> {
  try {
    await Deno.stat(path);
    return null;
  } catch (error) {
    return errnoOf(error) || "ENOENT";
  }
}

async function probeBtf(context: Context): Promise<Probe> {
  const since = "5.4";
  const refusal = await typesRefusal(context);
  return refusal === null ? yes("", since) : conclude(ENOENT, { ...context, privileged: true }, {
    ...refusal,
    since,
  });
}

async function probeFentry(context: Context, btf: Probe): Promise<Probe> {
  if (btf.answer === "no") return { ...btf, since: "5.5" };
  const result = await tryFentry();
  const options = [
    "CONFIG_FUNCTION_TRACER",
    "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS",
    "CONFIG_BPF_JIT",
  ] as const;
  return conclude(
    result,
    context,
    because(context, options, {
      detail: result === EPERM
        ? "the kernel refuses fentry programs: ftrace is switched off or locked down"
        : "the kernel refuses fentry programs",
      remedy: result === EPERM
        ? "Look at the kernel.ftrace_enabled sysctl and at lockdown; kernels of small virtual machines often have neither ftrace nor a way to switch it on."
        : "Run a kernel with working ftrace (x86-64: Linux 5.5, arm64: 6.4).",
      since: "5.5",
    }),
  );
}

/** Above 2, Debian's kernels allow perf_event_open(2), and with it kprobes, only with CAP_SYS_ADMIN. Debian's default is 3. */
const PARANOID = "/proc/sys/kernel/perf_event_paranoid";

/** Why kernel.perf_event_paranoid forbids perf_event_open(2) with this result; null if something else does. */
async function paranoidRefusal(result: number): Promise<Refusal | null> {
  if (result !== EACCES || readEffectiveCapabilities().has("CAP_SYS_ADMIN")) return null;
  return {
    detail: `kernel.perf_event_paranoid is ${await readLine(PARANOID)}, which demands CAP_SYS_ADMIN`,
    remedy: "Run: sysctl kernel.perf_event_paranoid=2.",
    explained: true,
    missing: "CAP_SYS_ADMIN",
  };
}

/** Container runtimes refuse system calls with EPERM, or with ENOSYS as if the kernel did not have them. */
async function probePerfEvents(context: Context): Promise<Probe> {
  const since = "4.9";
  const result = await tryPerfEvent();
  const paranoid = await paranoidRefusal(result);
  if (paranoid !== null) return conclude(result, context, { ...paranoid, since });
  // conclude() takes ENOSYS for a missing bpf(2).
  return conclude(
    result === ENOSYS ? ENOENT : result,
    context,
    because(context, ["CONFIG_PERF_EVENTS"], {
      detail: result === ENOSYS
        ? "perf_event_open(2) does not exist, or a seccomp filter hides it (ENOSYS)"
        : `perf_event_open(2) is refused (${errnoName(result)})`,
      remedy: "Run ktop outside the container, or allow perf_event_open in its seccomp profile.",
      since,
      explained: true,
    }),
  );
}

async function probeKprobe(context: Context): Promise<Probe> {
  const type = await readLine("/sys/bus/event_source/devices/kprobe/type");
  const result = type === null ? ENOENT : await tryKprobe(Number(type));
  const paranoid = await paranoidRefusal(result);
  if (paranoid !== null) return conclude(result, context, { ...paranoid, since: "4.17" });
  return conclude(
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
  return conclude(
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
  return conclude(
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
  // Under lockdown the kernel hides the helper, as if it did not know it (bpf_tracing_func_proto in kernel/trace/bpf_trace.c).
  const hidden = mode === "confidentiality" || !isOlder(Deno.osRelease(), [5, 5]);
  const probe = conclude(
    await tryReadKernel(),
    context,
    hidden
      ? {
        detail: "BPF may not read kernel memory, as under lockdown=confidentiality",
        remedy: "Boot with lockdown=integrity or none; confidentiality refuses what every tool needs.",
      }
      : { detail: "the kernel has no bpf_probe_read_kernel", remedy: OLD_REMEDY },
  );
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

async function probeRingBuffer(context: Context): Promise<Probe> {
  return conclude(await tryRingBuffer(), context, {
    detail: "the kernel has no BPF ring buffer",
    remedy: "Run Linux 5.8 or later.",
    since: "5.8",
  });
}

/** Draining an empty map fails with ENOENT if the operation exists. */
async function probeMapBatch(context: Context): Promise<Probe> {
  const result = await tryMapBatch();
  return conclude(result === ENOENT ? 0 : result, context, {
    detail: "the kernel drains maps key by key",
    remedy: "Run Linux 5.6 or later.",
    since: "5.6",
  });
}

async function probeStats(context: Context): Promise<Probe> {
  const result = await tryStats();
  const mayNot = result === EPERM && !readEffectiveCapabilities().has("CAP_SYS_ADMIN");
  return conclude(result, context, {
    detail: mayNot ? "missing CAP_SYS_ADMIN" : "the kernel cannot measure programs",
    remedy: mayNot ? PRIVILEGE_REMEDY : "Run Linux 5.8 or later.",
    since: "5.8",
    explained: mayNot,
    ...(mayNot && { missing: "CAP_SYS_ADMIN" }),
  });
}

const cache = new ProbeCache();

async function probeAll(): Promise<Features> {
  const capabilities = readCapabilities();
  const context = { config: await readConfig(), privileged: capabilities.missing.length === 0 };
  const btf = await cache.get("btf", () => probeBtf(context));
  const kprobe = await cache.get("kprobe", () => probeKprobe(context));
  return {
    btf,
    kprobe,
    kprobeMulti: await cache.get("kprobeMulti", () => probeKprobeMulti(context, kprobe)),
    fentry: await cache.get("fentry", () => probeFentry(context, btf)),
    tracepoint: await cache.get("tracepoint", () => probeTracepoint(context)),
    perfEvents: await cache.get("perfEvents", () => probePerfEvents(context)),
    ringBuffer: await cache.get("ringBuffer", () => probeRingBuffer(context)),
    lockdown: await cache.get("lockdown", () => probeLockdown(context)),
    mapBatch: await cache.get("mapBatch", () => probeMapBatch(context)),
    bpfStats: await cache.get("bpfStats", () => probeStats(context)),
    jit: await cache.get("jit", probeJit),
    hostPidNamespace: await cache.get("hostPidNamespace", probePidNamespace),
    capabilities,
    config: context.config,
  };
}

let probed: Promise<Features> | undefined;

/**
 * What this kernel and these privileges allow. Probes with a conclusive answer run once in a process; the others run
 * again on each call.
 */
export function probeFeatures(): Promise<Features> {
  return probed ??= probeAll().then((features) => {
    const { capabilities: _, config: __, ...probes } = features;
    if (Object.values(probes).some(({ answer }) => answer === "inconclusive")) probed = undefined;
    return features;
  }, (error) => {
    probed = undefined;
    throw error;
  });
}
