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

/** A row of the table. */
export interface Row {
  readonly root: string;
  /** "works", what the screen shows instead, or the exit status, the first line of standard error and the cause. */
  readonly cells: Readonly<Record<CommandName, string>>;
}

/** A row in which each command does the same. */
export const all = (root: string, cell: string): Row => ({
  root,
  cells: { "doctor": cell, "vfsstat 1 1": cell, "the screen": cell, "replay --demo as nobody": cell },
});

/** A row in which the kernel's types are missing. */
const withoutTypes = (root: string, reason: string, remedy: string): Row => ({
  root,
  cells: {
    ...all(root, "works").cells,
    "vfsstat 1 1": `4: ktop: vfsstat cannot run here: ${reason}. ${remedy}`,
    "the screen": "shows the same reason",
  },
});

/** The table. */
export const ROWS = {
  buster: all("Debian 10, glibc 2.28", "works"),
  bullseye: all("Debian 11, glibc 2.31", "works"),
  bookworm: all("Debian 12, glibc 2.36", "works"),
  trixie: all("Debian 13, glibc 2.41", "works"),
  minimal: all(
    "read-only: Debian 11's glibc without its interfaces above 2.28, libgcc_s.so.1, /proc, /sys without tracefs, /dev",
    "works",
  ),
  noSys: withoutTypes(
    "the same without /sys",
    "/sys is not mounted, and ktop reads the kernel's types (BTF) from /sys/kernel/btf/vmlinux",
    "Run: mount -t sysfs sysfs /sys.",
  ),
  noProc: all(
    "the same without /proc",
    "1: error: Failed reading standalone binary section. Caused by: no /proc/self/exe available. Is /proc mounted?",
  ),
  noLibgcc: all(
    "the same without libgcc_s.so.1",
    "127: ./ktop: error while loading shared libraries: libgcc_s.so.1: cannot open shared object file: No such file or directory",
  ),
  musl: all("musl's loader only", "127: unshare: failed to execute ./ktop: No such file or directory"),
  noBtf: withoutTypes(
    "Debian 11 on a kernel without BTF (user-mode Linux 6.1)",
    "the kernel has no BTF: /sys/kernel/btf/vmlinux does not exist",
    "Run Linux 5.10 or later, built with CONFIG_DEBUG_INFO_BTF.",
  ),
} as const satisfies Record<string, Row>;

/** Name of a row. */
export type RootName = keyof typeof ROWS;

/** The table as Markdown, without Debian 10, which no mirror has that the tests run with. */
export function rootsTable(): string {
  const { buster: _, ...proven } = ROWS;
  const lines = Object.values(proven).map((
    { root, cells },
  ) => [root, ...COMMANDS.map((name) => cells[name])]);
  const header = ["root file system", ...COMMANDS];
  return [header, header.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
