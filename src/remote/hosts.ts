/**
 * Parses the hosts of a command line. Pure.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { shownValue } from "../text/mod.ts";

/** Maximum number of hosts on one screen. */
export const MAX_HOSTS = 32;

/** A machine to reach through ssh. */
export interface Host {
  /** As typed, without the `@`: what rows, panes and messages call it. Printable ASCII. */
  readonly name: string;
  /** What ssh takes: a name or an alias, with `user@` if it was given. */
  readonly destination: string;
  /** Null: the one that ssh chooses. */
  readonly port: number | null;
}

/**
 * A user, and a host as a name, an alias or an address. ssh puts both into commands of its configuration (`ProxyCommand %h`), so that
 * characters of a shell are refused.
 */
const USER = /^[A-Za-z0-9_.][A-Za-z0-9_.@+-]*$/;
const NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/;
const ADDRESS = /^[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?$/;
const MAX_LENGTH = 255;

function invalid(word: string, why: string): UsageError {
  return new UsageError(`${shownValue(word)} is not a host: ${why}.`, {
    remedy: "Hosts are @HOST, @USER@HOST, @HOST:PORT or an alias of the ssh configuration.",
  });
}

/** The host and the port of `host`, `host:22`, `[::1]:22` and `::1`. */
function splitPort(text: string): { readonly name: string; readonly port: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(text);
  if (bracketed) return { name: bracketed[1]!, port: bracketed[2] };
  const [name = "", port, ...more] = text.split(":");
  return more.length > 0 ? { name: text, port: undefined } : { name, port };
}

function parsePort(word: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw invalid(word, "a port is a number from 1 to 65535");
  return port;
}

function parseHost(word: string): Host {
  const name = word.slice(1);
  if (!word.startsWith("@") || name === "") throw invalid(word, "its name is empty");
  if (name.length > MAX_LENGTH) throw invalid(word, `it is longer than ${MAX_LENGTH} characters`);
  if (name.startsWith("-")) throw invalid(word, "a name that begins with - would be an option of ssh");
  const at = name.lastIndexOf("@");
  const user = at < 0 ? null : name.slice(0, at);
  const { name: machine, port } = splitPort(name.slice(at + 1));
  if (user !== null && !USER.test(user)) throw invalid(word, "that is no name of a user");
  if (!NAME.test(machine) && !(machine.includes(":") && ADDRESS.test(machine))) {
    throw invalid(word, "names have letters, digits, dots, dashes and underscores");
  }
  return {
    name,
    destination: user === null ? machine : `${user}@${machine}`,
    port: parsePort(word, port),
  };
}

/** The hosts of the words of a command line, each with its `@`. Throws UsageError. */
export function parseHosts(words: readonly string[]): Host[] {
  const hosts = words.map(parseHost);
  if (hosts.length > MAX_HOSTS) {
    throw new UsageError(`At most ${MAX_HOSTS} hosts fit on a screen, and ${hosts.length} are given.`);
  }
  const seen = new Set<string>();
  for (const { name, destination, port } of hosts) {
    const key = `${destination.toLowerCase()} ${port ?? 22}`;
    if (seen.has(key)) throw new UsageError(`The host ${name} is given twice.`);
    seen.add(key);
  }
  return hosts;
}
