/**
 * The options that the running kernel was built with.
 *
 * @module
 */

/** The options that ktop's features depend on, in the order of `ktop doctor`. */
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

/** An option that a feature of ktop depends on. */
export type KernelOption = typeof RELEVANT[number];

const SET = new RegExp(`^(${RELEVANT.join("|")})=(.*)$`, "gm");

/**
 * The relevant options of a kernel's .config: "y", "m", a value, or "n" if the option is not set or does not exist.
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

/** The running kernel's options from /proc/config.gz or /boot/config-<release>; null if neither can be read. */
export async function readConfig(): Promise<ReadonlyMap<string, string> | null> {
  const sources = [
    () => gunzip("/proc/config.gz"),
    () => Deno.readTextFile(`/boot/config-${Deno.osRelease()}`),
  ];
  for (const source of sources) {
    try {
      return parseConfig(await source());
    } catch {
      continue; // absent or unreadable
    }
  }
  return null;
}
