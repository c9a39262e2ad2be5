/**
 * Restarts the compiled program without the environment variables that tune Deno's runtime.
 *
 * @module
 */
import { libc } from "./libc.ts";
import { cString, struct } from "./memory.ts";

/** Variables that the runtime or a library in it reads (src/README.md); ktop reads none of them. */
const RUNTIME_VARIABLE = /^((?:DENO|RUST|TOKIO|NODE|V8|OTEL|ICU|OPENSSL|SSL)_[!-<>-~]*)=/;

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

/** A NULL-terminated array of C strings. */
const pointers = (strings: readonly Uint8Array[]): Uint8Array =>
  struct(8 * (strings.length + 1), strings.map((pointer, index) => ({ offset: 8 * index, pointer })));

/** The names of the runtime's variables in the environment. */
function runtimeVariables(): Set<string> {
  const entries = Object.entries(Deno.env.toObject()).map(([name, value]) => `${name}=${value}`);
  try {
    // Deno leaves out values that are not UTF-8. With file capabilities only root can read this file.
    const latin1 = new TextDecoder("latin1");
    entries.push(...stringsOf("/proc/self/environ").map((entry) => latin1.decode(entry)));
  } catch {
    // The values that are UTF-8 have to do.
  }
  return new Set(entries.flatMap((entry) => RUNTIME_VARIABLE.exec(entry)?.[1] ?? []));
}

/**
 * If the environment has variables that tune the runtime, re-executes this program without them, in the same process and with
 * the same arguments. Returns only if there is nothing to remove, if ktop runs from source, or if execv fails.
 */
export function restartWithoutRuntimeVariables(): void {
  if (!Deno.build.standalone) return;
  const names = runtimeVariables();
  if (names.size === 0) return;
  try {
    for (const name of names) Deno.env.delete(name);
    libc().execv(cString(Deno.execPath()), pointers(stringsOf("/proc/self/cmdline")));
  } catch {
    // /proc cannot be read: ktop continues with what the runtime took from the variables.
  }
}
