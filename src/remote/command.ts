/**
 * The command lines of ssh and of the remote shell. Pure.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import type { Host } from "./hosts.ts";

/** The executable to copy to a host. */
export interface Install {
  /** SHA-256 in hexadecimal digits. */
  readonly sha256: string;
  /** As `uname -m` prints it. */
  readonly machine: string;
}

/** Exit codes of the remote script. ktop, sudo and ssh have others. */
export const ScriptExit = {
  absent: 81,
  otherMachine: 82,
  damaged: 83,
  notWritable: 84,
  noChecksum: 85,
} as const;

/** The first line of a host during `--install`: it has the executable, or waits for it on standard input. */
export const INSTALL_LINES = { present: "ktop-present", wanted: "ktop-wanted" } as const;

/** A word for a POSIX shell. */
const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Characters that no shell interprets between single quotes, nor printf in the argument of %b. */
const PLAIN = /[A-Za-z0-9_.,:=@%+\/-]/;

/** The argument of `printf %b` that prints these bytes: octal escapes for all but plain characters. */
function octal(text: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(text)) {
    const char = String.fromCharCode(byte);
    out += byte < 0x80 && PLAIN.test(char) ? char : `\\0${byte.toString(8).padStart(3, "0")}`;
  }
  return out;
}

/**
 * The command for ssh that runs a POSIX script. The login shell may be any: fish, csh and POSIX shells disagree about quotes within
 * quotes, newlines and `!`, so that the script is written in plain characters and octal escapes.
 */
const scriptCommand = (script: string): string =>
  `exec sh -c 'eval "$(printf %b "$1")"' ktop '${octal(script)}'`;

/** Where a login shell without a profile may not look. */
const MORE_PATHS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** Where `--install` puts executables: one directory each, named by its checksum. */
const CACHE = 'cache="${XDG_CACHE_HOME:-$HOME/.cache}/ktop"';

/** Finds the ktop of the PATH, else the newest that was installed. */
const FIND = String.raw`
ktop=$(command -v ktop) || {
  ktop=
  for one in "$cache"/*/ktop; do
    if [ -x "$one" ] && [ -O "$one" ] && { [ -z "$ktop" ] || [ "$one" -nt "$ktop" ]; }; then ktop=$one; fi
  done
}
[ -n "$ktop" ] || exit ${ScriptExit.absent}
`;

/** Takes the executable from standard input unless it is there; checks it before it gets its name. */
const installScript = ({ sha256, machine }: Install): string =>
  String.raw`
[ "$(uname -m)" = ${quoted(machine)} ] || exit ${ScriptExit.otherMachine}
command -v sha256sum >/dev/null || exit ${ScriptExit.noChecksum}
sum() { sha256sum 2>/dev/null <"$1" | cut -c 1-64; }
dir="$cache/${sha256}"
ktop="$dir/ktop"
mkdir -p "$dir" 2>/dev/null && [ ! -L "$dir" ] && [ -O "$dir" ] && chmod 700 "$dir" || exit ${ScriptExit.notWritable}
if [ -f "$ktop" ] && [ ! -L "$ktop" ] && [ "$(sum "$ktop")" = ${sha256} ]; then
  echo ${INSTALL_LINES.present}
else
  new="$dir/new.$$"
  trap 'rm -f "$new"' EXIT
  trap 'exit 1' HUP INT TERM
  echo ${INSTALL_LINES.wanted}
  cat >"$new" 2>/dev/null || exit ${ScriptExit.notWritable}
  [ "$(sum "$new")" = ${sha256} ] || exit ${ScriptExit.damaged}
  chmod 700 "$new" && mv -f "$new" "$ktop" || exit ${ScriptExit.notWritable}
  trap - EXIT HUP INT TERM
fi
`;

/**
 * The command that ssh passes to the login shell of a host: runs ktop with these arguments, through `sudo -n` unless the login is
 * root.
 *
 * @param install the executable to use, which is copied if it is not there; null: the ktop of the host
 */
export function remoteCommand(args: readonly string[], install: Install | null): string {
  const words = args.map(quoted).join(" ");
  return scriptCommand(`umask 077
LC_ALL=C
PATH="$PATH:${MORE_PATHS}"
export LC_ALL PATH
${CACHE}
${install === null ? FIND : installScript(install)}
if [ "$(id -u)" = 0 ] || ! command -v sudo >/dev/null; then exec "$ktop" ${words}; fi
exec sudo -n "$ktop" ${words}
`);
}

/** The words of `--ssh` or KTOP_SSH, separated by blanks. No shell reads them. Throws UsageError if there is none. */
export function sshWords(command: string): string[] {
  const words = command.split(/[ \t]+/).filter((word) => word !== "");
  if (words.length === 0) throw new UsageError("The command for ssh is empty.");
  return words;
}

/**
 * The arguments of ssh: no terminal, nothing forwarded, and an end when the host does not answer for 15 seconds.
 *
 * @param asks whether it may ask for a password or a passphrase on the terminal
 */
export function sshArguments({ destination, port }: Host, command: string, asks: boolean): string[] {
  const settings = [
    "RequestTTY=no",
    "RemoteCommand=none",
    "ClearAllForwardings=yes",
    "ForwardAgent=no",
    "ForwardX11=no",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    ...(asks ? [] : ["BatchMode=yes", "ConnectTimeout=10"]),
  ];
  return [
    "-T",
    ...settings.flatMap((setting) => ["-o", setting]),
    ...(port === null ? [] : ["-p", String(port)]),
    "--",
    destination,
    command,
  ];
}
