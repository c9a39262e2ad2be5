/**
 * Where the configuration lies.
 *
 * @module
 */
import { join } from "node:path";

/** What of the environment decides it. */
export type PathEnvironment = Readonly<Partial<Record<"XDG_CONFIG_HOME" | "HOME", string>>>;

/**
 * `$XDG_CONFIG_HOME/ktop/config.toml`, else `~/.config/ktop/config.toml`. A relative directory is passed over, as the
 * XDG base directory specification wants: nothing is ever read from the working directory.
 *
 * @returns null where neither variable holds an absolute path.
 */
export function configurationPath(env: PathEnvironment): string | null {
  const { XDG_CONFIG_HOME: xdg = "", HOME: home = "" } = env;
  const base = xdg.startsWith("/") ? xdg : home.startsWith("/") ? join(home, ".config") : null;
  return base === null ? null : join(base, "ktop", "config.toml");
}
