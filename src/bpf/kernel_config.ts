/**
 * The options the kernel was built with, where it tells them.
 *
 * @module
 */

/** The options that decide what ktop can do; shown by `ktop doctor`. */
const RELEVANT = [
  "CONFIG_BPF_SYSCALL",
  "CONFIG_BPF_JIT",
  "CONFIG_BPF_EVENTS",
  "CONFIG_DEBUG_INFO_BTF",
  "CONFIG_KPROBES",
  "CONFIG_KPROBE_EVENTS",
  "CONFIG_FPROBE",
  "CONFIG_FUNCTION_TRACER",
  "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS",
  "CONFIG_FTRACE_SYSCALLS",
  "CONFIG_PERF_EVENTS",
  "CONFIG_KALLSYMS",
  "CONFIG_CGROUPS",
  "CONFIG_SECURITY_LOCKDOWN_LSM",
] as const;

/** An option that decides what ktop can do. */
export type KernelOption = typeof RELEVANT[number];

const SET = new RegExp(`^(${RELEVANT.join("|")})=(.*)$`, "gm");

/**
 * The relevant options of a kernel's .config: "y", "m", a value, or "n" where it is not set or not known to this
 * kernel.
 */
export function parseConfig(text: string): Map<string, string> {
  const options = new Map<string, string>(RELEVANT.map((option) => [option, "n"]));
  for (const [, option, value] of text.matchAll(SET)) options.set(option!, value!);
  return options;
}

async function gunzip(path: string): Promise<string> {
  const file = await Deno.open(path);
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
}

/** The running kernel's options from /proc/config.gz or /boot/config-<release>; null where neither can be read. */
export async function readConfig(): Promise<ReadonlyMap<string, string> | null> {
  const sources = [
    () => gunzip("/proc/config.gz"),
    () => Deno.readTextFile(`/boot/config-${Deno.osRelease()}`),
  ];
  for (const source of sources) {
    try {
      return parseConfig(await source());
    } catch {
      continue; // absent, or unreadable for this user: try the next, then do without
    }
  }
  return null;
}
