/**
 * Root file systems in .deno/roots: Debian releases by debootstrap(8), made once, and small ones made from their files. A run
 * of ktop in a root has its own mount namespace, and starts in /alone, a directory that holds nothing but ktop.
 *
 * @module
 */
import { join } from "node:path";
import { exists, LabError, mirrors, run } from "../lab/pins.ts";
import { BINARY } from "../terminal/session.ts";
import type { RootName } from "./table.ts";

const CACHE = join(import.meta.dirname!, "../../.deno/roots");

/** Debian releases. */
export type Suite = "buster" | "bullseye" | "bookworm" | "trixie";

/** The first mirror that has a release; null if none has. */
export async function mirrorOf(suite: Suite): Promise<string | null> {
  for (const base of await mirrors()) {
    const response = await fetch(`${base}dists/${suite}/InRelease`, { signal: AbortSignal.timeout(60_000) })
      .catch(() => null);
    const text = await response?.text();
    if (response?.ok && /^Codename: (\w+)$/m.exec(text!)?.[1] === suite) return base;
  }
  return null;
}

/** Parts that no test reads; without them a root takes 85 MB. */
const UNUSED = ["usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "var/lib/apt/lists"];

/**
 * Runs debootstrap(8) on a directory that is mounted as /mnt, because it takes no path with a space. In its own mount namespace, so
 * that nothing is mounted in a root that is removed after a failure.
 */
const BOOTSTRAP = `
umask 022
mount --bind "$1" /mnt
shift
exec debootstrap "$@"`;

/**
 * The directory of a Debian root with these packages in addition. It is made on the first call. @throws {LabError} no mirror has the release
 */
export async function debianDirectory(suite: Suite, packages: readonly string[] = []): Promise<string> {
  await Deno.mkdir(CACHE, { recursive: true });
  const directory = [`${CACHE}/${suite}`, ...packages].join("+");
  if (await exists(directory)) return directory;
  const mirror = await mirrorOf(suite);
  if (mirror === null) {
    throw new LabError(`no configured mirror has Debian ${suite}: name an archive in KTOP_DEBIAN_MIRRORS`);
  }
  const options = packages.length > 0 ? [`--include=${packages.join(",")}`] : [];
  // The keys of Debian 10 have left the keyring of current releases.
  if (suite === "buster") options.push("--keyring=/usr/share/keyrings/debian-archive-removed-keys.gpg");
  const partial = await Deno.makeTempDir({ dir: CACHE });
  try {
    const mounts = ["--mount", "--propagation=private", "sh", "-ec", BOOTSTRAP, "sh", partial];
    await run("unshare", [...mounts, "--variant=minbase", ...options, suite, "/mnt", mirror]);
    for (const path of UNUSED) await Deno.remove(`${partial}/${path}`, { recursive: true });
    await run("chroot", [partial, "apt-get", "clean"]);
    await Deno.mkdir(`${partial}/alone`);
    await Deno.chmod(partial, 0o755);
    await Deno.rename(partial, directory);
  } finally {
    if (await exists(partial)) await Deno.remove(partial, { recursive: true });
  }
  return directory;
}

const LOADER = "lib64/ld-linux-x86-64.so.2";
const LIBRARIES = "lib/x86_64-linux-gnu";
const LIBGCC = `${LIBRARIES}/libgcc_s.so.1`;
/** The files of glibc that ktop is linked with, in Debian 11. */
const GLIBC = [
  LOADER,
  ...["libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0"].map((name) =>
    `${LIBRARIES}/${name}`
  ),
];

/** Overwrites GLIBC_ with HIDDEN in version names above 2.28, so that the loader rejects programs that need them. */
function hideNewVersions(file: Uint8Array): Uint8Array {
  const hidden = new Uint8Array(file);
  const text = new TextDecoder("latin1").decode(file);
  for (const { index } of text.matchAll(/GLIBC_2\.(?:29|[3-9]\d)\0/g)) {
    hidden.set(new TextEncoder().encode("HIDDEN"), index);
  }
  return hidden;
}

/** Makes a root of these files of a Debian root, and empty directories. */
async function makeSmall(name: string, debian: string, files: readonly string[]): Promise<string> {
  const directory = `${CACHE}/${name}`;
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  for (const path of ["alone", "proc", "sys", "dev", "lib", "lib64", LIBRARIES]) {
    await Deno.mkdir(`${directory}/${path}`, { recursive: true });
  }
  for (const path of files) {
    // Read inside the root, whose links may be absolute.
    const bytes = hideNewVersions(await run("chroot", [debian, "cat", `/${path}`]));
    await Deno.writeFile(`${directory}/${path}`, bytes);
  }
  await run("chmod", ["-R", "a+rx", directory]);
  return directory;
}

const made = new Map<RootName, Promise<string>>();

/** The directory of a root; it is made on the first call. */
export function rootDirectory(name: RootName): Promise<string> {
  let directory = made.get(name);
  if (directory === undefined) made.set(name, directory = make(name));
  return directory;
}

async function make(name: RootName): Promise<string> {
  await Deno.mkdir(CACHE, { recursive: true });
  switch (name) {
    case "buster":
    case "bullseye":
    case "bookworm":
    case "trixie":
      return await debianDirectory(name);
    case "minimal":
      return await makeSmall(name, await rootDirectory("bullseye"), [...GLIBC, LIBGCC]);
    case "noSys":
    case "noProc":
      return await rootDirectory("minimal");
    case "noLibgcc":
      return await makeSmall(name, await rootDirectory("bullseye"), GLIBC);
    case "musl": {
      const directory = await makeSmall(name, await rootDirectory("bullseye"), []);
      await Deno.copyFile("/lib/ld-musl-x86_64.so.1", `${directory}/lib/ld-musl-x86_64.so.1`);
      return directory;
    }
    case "noBtf":
      return await rootDirectory("bullseye");
  }
}

/** Roots that are made from the files that ktop needs. They have no tracefs, so that ktop also runs without it. */
const SMALL: ReadonlySet<RootName> = new Set(["minimal", "noSys", "noProc", "noLibgcc", "musl"]);

/** Mounts the binary in /alone; everything else is read-only. */
const BIND_BINARY = `
root=$1 binary=$2
shift 2
mount --bind "$root" "$root"
mount -t tmpfs tmpfs "$root/alone"
: > "$root/alone/ktop"
mount --bind "$binary" "$root/alone/ktop"
[ ! -e "$root/tmp" ] || mount -t tmpfs tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
`;

/** Mounts what a kernel offers, except one of /proc and /sys. */
const MOUNT_KERNEL_FS = `
without=$1 hide_tracefs=$2
shift 2
[ "$without" = /proc ] || mount -t proc proc "$root/proc"
[ "$without" = /sys ] || mount --rbind /sys "$root/sys"
if "$hide_tracefs"; then
  umount -l "$root"/sys/kernel/*/tracing "$root"/sys/kernel/tracing "$root/sys/kernel/debug" 2> /dev/null || true
fi
mount --rbind /dev "$root/dev"
`;

/** Where a run takes place, and as which user. */
export interface Run {
  readonly root: RootName;
  readonly nobody?: boolean;
  /** The program to mount as ktop instead of dist/ktop. */
  readonly program?: string;
}

/** The command that runs ktop with these arguments in a root, from the directory /alone. */
export async function commandIn(
  { root, nobody, program = BINARY }: Run,
  args: readonly string[],
): Promise<string[]> {
  const without = root === "noSys" ? "/sys" : root === "noProc" ? "/proc" : "";
  // unshare changes the ids inside the root, where small ones have no setpriv; only setpriv can clear the groups.
  const user = nobody ? "setpriv --clear-groups" : "";
  const ids = nobody ? "--setgid 65534 --setuid 65534" : "";
  const start = `exec ${user} unshare --root "$root" --wd /alone ${ids} ./ktop "$@"`;
  return [
    "unshare",
    "--mount",
    "--propagation=private",
    "sh",
    "-ec",
    BIND_BINARY + MOUNT_KERNEL_FS + start,
    "sh",
    await rootDirectory(root),
    program,
    without,
    String(SMALL.has(root)),
    ...args,
  ];
}

/** The first program of user-mode Linux: prints the status and output of each command between marks, and powers off. */
const INIT = `#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sysfs /sys
cd /alone
while read -r line; do
  echo "[run]$line"
  (eval "$line") 2>&1 < /dev/null
  echo "[status]$?"
done < /alone/commands
exec perl -e 'syscall(169, 0xfee1dead, 672274793, 0x4321fedc, 0)' # reboot(2), LINUX_REBOOT_CMD_POWER_OFF
`;

/** What a command printed in user-mode Linux. */
export interface Printed {
  readonly code: number;
  /** Standard output and standard error. */
  readonly text: string;
}

/** Boots user-mode Linux, whose kernel has no BTF, in a root, and runs lines of shell next to ktop. */
export async function inUserModeLinux(root: RootName, lines: readonly string[]): Promise<Printed[]> {
  const prepare = `${BIND_BINARY}
printf '%s' "$1" > "$root/alone/init"
printf '%s' "$2" > "$root/alone/commands"
chmod 755 "$root/alone/init"
mount --rbind "$root" /mnt # the kernel's arguments have no spaces
exec timeout --kill-after=5 300 linux.uml mem=1G root=/dev/root rootfstype=hostfs rootflags=/mnt ro init=/alone/init \
  con=null con0=fd:0,fd:1 quiet < /dev/null`;
  const args = [await rootDirectory(root), BINARY, INIT, lines.map((line) => `${line}\n`).join("")];
  const { stdout } = await new Deno.Command("unshare", {
    args: ["--mount", "--propagation=private", "sh", "-ec", prepare, "sh", ...args],
    stderr: "null",
  }).output();
  const text = new TextDecoder().decode(stdout).replaceAll("\r", "");
  const runs = [...text.matchAll(/^\[run\].*\n([^]*?)\[status\](\d+)$/mg)];
  if (runs.length !== lines.length) throw new Error(`user-mode Linux ran ${runs.length} commands:\n${text}`);
  return runs.map(([, printed, code]) => ({ code: Number(code), text: printed! }));
}
