/**
 * What ktop does in each root file system: the tests here compare with this table, and scripts/gen-docs writes it into
 * tests/lab/README.md.
 *
 * @module
 */

/** The runs of ktop in a root, in the order of the columns. */
export const COMMANDS = ["doctor", "vfsstat 1 1", "the screen", "replay --demo as nobody"] as const;
/** One of {@linkcode COMMANDS}. */
export type CommandName = typeof COMMANDS[number];

/** What ktop does in one root file system. */
export interface RootCase {
  readonly title: string;
  /** "works", what the screen shows instead, or the exit status, the first line of standard error and the cause. */
  readonly cells: Readonly<Record<CommandName, string>>;
}

/** A root in which each command does the same. */
export const sameForAll = (title: string, cell: string): RootCase => ({
  title,
  cells: { "doctor": cell, "vfsstat 1 1": cell, "the screen": cell, "replay --demo as nobody": cell },
});

/** A root in which the kernel's types are missing. */
const withoutTypes = (title: string, reason: string, remedy: string): RootCase => ({
  title,
  cells: {
    ...sameForAll(title, "works").cells,
    "vfsstat 1 1": `4: ktop: vfsstat cannot run here: ${reason}. ${remedy}`,
    "the screen": "shows the same reason",
  },
});

/** The table. */
export const ROOT_CASES = {
  buster: sameForAll("Debian 10, glibc 2.28", "works"),
  bullseye: sameForAll("Debian 11, glibc 2.31", "works"),
  bookworm: sameForAll("Debian 12, glibc 2.36", "works"),
  trixie: sameForAll("Debian 13, glibc 2.41", "works"),
  minimal: sameForAll(
    "read-only, with nothing but glibc 2.31 (versions above 2.28 hidden), libgcc_s.so.1, /proc, /sys (no tracefs) and /dev",
    "works",
  ),
  noSys: withoutTypes(
    "the same without /sys",
    "/sys is not mounted, and ktop reads the kernel's types (BTF) from /sys/kernel/btf/vmlinux",
    "Run: mount -t sysfs sysfs /sys.",
  ),
  noProc: sameForAll(
    "the same without /proc",
    "1: error: Failed reading standalone binary section. Caused by: no /proc/self/exe available. Is /proc mounted?",
  ),
  noLibgcc: sameForAll(
    "the same without libgcc_s.so.1",
    "127: ./ktop: error while loading shared libraries: libgcc_s.so.1: cannot open shared object file: No such file or directory",
  ),
  musl: sameForAll("musl's loader only", "127: unshare: failed to execute ./ktop: No such file or directory"),
  noBtf: withoutTypes(
    "Debian 11 on a kernel without BTF (user-mode Linux 6.1)",
    "the kernel has no BTF: /sys/kernel/btf/vmlinux does not exist",
    "Run Linux 5.10 or later, built with CONFIG_DEBUG_INFO_BTF.",
  ),
} as const satisfies Record<string, RootCase>;

/** Name of a case. */
export type RootName = keyof typeof ROOT_CASES;

/** The table as Markdown. Debian 10 is omitted: no configured mirror has it. */
export function rootsTable(): string {
  const { buster: _, ...tested } = ROOT_CASES;
  const lines = Object.values(tested).map((
    { title, cells },
  ) => [title, ...COMMANDS.map((name) => cells[name])]);
  const header = ["root file system", ...COMMANDS];
  return [header, header.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
