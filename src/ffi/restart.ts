/**
 * Restarts the compiled program without the environment variables that tune Deno's runtime.
 *
 * @module
 */
import { libc } from "./libc.ts";
import { cString, struct } from "./memory.ts";

/** Names of variables that the runtime or a library in it reads (src/README.md); ktop reads none of them. */
const RUNTIME_VARIABLE = /^(DENO|RUST|TOKIO|NODE|V8|OTEL|ICU|OPENSSL|SSL)_/;

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

/**
 * If the environment has variables that tune the runtime, re-executes this program without them, in the same process and with
 * the same arguments. Returns only if there is nothing to remove, if ktop runs from source, or if execve fails.
 */
export function restartWithoutRuntimeVariables(): void {
  if (
    !Deno.build.standalone || !Object.keys(Deno.env.toObject()).some((name) => RUNTIME_VARIABLE.test(name))
  ) {
    return;
  }
  try {
    const latin1 = new TextDecoder("latin1");
    const kept = stringsOf("/proc/self/environ").filter((entry) =>
      !RUNTIME_VARIABLE.test(latin1.decode(entry))
    );
    const [argv, envp] = [pointers(stringsOf("/proc/self/cmdline")), pointers(kept)];
    libc().execve(cString(Deno.execPath()), argv, envp);
  } catch {
    // /proc cannot be read: ktop continues with the variables.
  }
}
