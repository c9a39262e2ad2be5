/**
 * Restarts the compiled program without the environment variables that tune Deno's runtime.
 *
 * @module
 */
import { libc } from "./libc.ts";
import { cString, cStringArray } from "./memory.ts";

/** Variables that the runtime or a library in it reads (src/README.md); ktop reads none of them. */
const RUNTIME_VARIABLE = /^((?:DENO|RUST|TOKIO|NODE|V8|OTEL|ICU|OPENSSL|SSL)_[!-<>-~]*)=/;

/** Before the names of these variables after the restart: a command that ktop starts gets them back (native/launch.c). */
const RENAMED = "KTOP_RENAMED_";

/** The NUL-terminated strings in a file of /proc, each with its NUL. */
function stringsOf(path: string): Uint8Array[] {
  const bytes = Deno.readFileSync(path);
  const strings: Uint8Array[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(0, from);
    if (end < 0) break;
    strings.push(bytes.slice(from, end + 1));
    from = end + 1;
  }
  return strings;
}

/** The runtime's variables in the environment: the values, each with its NUL, by name. */
function runtimeVariables(): Map<string, Uint8Array> {
  const entries = Object.entries(Deno.env.toObject()).map(([name, value]) => cString(`${name}=${value}`));
  try {
    // Deno leaves out values that are not UTF-8. With file capabilities only root can read this file.
    entries.push(...stringsOf("/proc/self/environ"));
  } catch {
    // The values that are UTF-8 have to do.
  }
  const latin1 = new TextDecoder("latin1");
  return new Map(entries.flatMap((entry) => {
    const name = RUNTIME_VARIABLE.exec(latin1.decode(entry))?.[1];
    return name === undefined ? [] : [[name, entry.subarray(name.length + 1)]];
  }));
}

/**
 * If the environment has variables that tune the runtime, re-executes this program with other names for them, in the same process and
 * with the same arguments. Returns only if there are none, if ktop runs from source, or if execv fails.
 */
export function restartWithoutRuntimeVariables(): void {
  if (!Deno.build.standalone) return;
  const variables = runtimeVariables();
  if (variables.size === 0) return;
  try {
    for (const [name, value] of variables) {
      libc().setenv(cString(`${RENAMED}${name}`), value, 1);
      Deno.env.delete(name);
    }
    libc().execv(cString(Deno.execPath()), cStringArray(stringsOf("/proc/self/cmdline")));
  } catch {
    // /proc cannot be read: ktop continues with what the runtime took from the variables.
  }
}
