/**
 * Restarts the compiled program without the environment variables that tune Deno's runtime, and knows them afterwards.
 *
 * @module
 */
import { libc } from "./libc.ts";
import { cString, cStringArray, cStringBytes } from "./memory.ts";

/** Variables that the runtime or a library in it reads (src/README.md); ktop reads none of them. */
const RUNTIME_VARIABLE = /^((?:DENO|RUST|TOKIO|NODE|V8|OTEL|ICU|OPENSSL|SSL)_[!-<>-~]*)=/;

/** Before the names of these variables after the restart: a command that ktop starts gets them back. */
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

/**
 * The environment: `NAME=value`, each with its NUL. From memory: Deno leaves out values that are not UTF-8, and with file
 * capabilities only root can read /proc/self/environ.
 */
function environment(): Uint8Array[] {
  const entries = new Deno.UnsafePointerView(libc().environ!).getPointer();
  if (entries === null) return [];
  const view = new Deno.UnsafePointerView(entries);
  const strings: Uint8Array[] = [];
  for (let entry = view.getPointer(); entry !== null; entry = view.getPointer(8 * strings.length)) {
    strings.push(cStringBytes(entry));
  }
  return strings;
}

const latin1 = new TextDecoder("latin1");

/** The runtime's variables in the environment: the values, each with its NUL, by name. */
function runtimeVariables(): Map<string, Uint8Array> {
  return new Map(
    environment().flatMap((entry) => {
      const name = RUNTIME_VARIABLE.exec(latin1.decode(entry))?.[1];
      return name === undefined ? [] : [[name, entry.subarray(name.length + 1)]];
    }),
  );
}

/** The environment that ktop was started with, before it restarted itself: `NAME=value`, each with its NUL. */
export function givenEnvironment(): Uint8Array[] {
  return environment().map((entry) => {
    const text = latin1.decode(entry);
    const isRenamed = text.startsWith(RENAMED) && RUNTIME_VARIABLE.test(text.slice(RENAMED.length));
    return isRenamed ? entry.subarray(RENAMED.length) : entry;
  });
}

/** The variables that have another name since ktop restarted itself, by the names that they were given under. */
export function renamedVariables(): Record<string, string> {
  const all = Object.entries(Deno.env.toObject());
  return Object.fromEntries(
    all.flatMap(([name, value]) => name.startsWith(RENAMED) ? [[name.slice(RENAMED.length), value]] : []),
  );
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
