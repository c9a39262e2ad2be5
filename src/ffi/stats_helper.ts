/**
 * The process that switches BPF run-time statistics on and off after this one has dropped CAP_SYS_ADMIN: native/stats_helper.c.
 *
 * @module
 */
import { withProgram } from "./libraries.ts";

const ON = new Uint8Array([0x31]);
const OFF = new Uint8Array([0x30]);

let input: WritableStreamDefaultWriter<Uint8Array> | null = null;

/**
 * Starts the process, and tries it. It lives as long as this one; it is not there if the statistics cannot be switched on.
 * Call it while this process has CAP_SYS_ADMIN.
 */
export async function startStatsHelper(): Promise<void> {
  const child = withProgram(
    "native/stats_helper",
    (path) =>
      new Deno.Command(path, { stdin: "piped", stdout: "piped", stderr: "null", clearEnv: true, args: [] })
        .spawn(),
  );
  child.unref();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.getReader();
  const answer = async (command: Uint8Array): Promise<number> => {
    await writer.write(command);
    return (await reader.read()).value?.[0] ?? -1;
  };
  if (await answer(ON) === 0 && await answer(OFF) === 0) input = writer;
  else await writer.close().catch(() => {});
}

/** Statistics that the process keeps on until they are closed; null: it was not started, or cannot switch them on. */
export function statsOfHelper(): { close(): void } | null {
  if (input === null) return null;
  const send = (command: Uint8Array): void => void input?.write(command).catch(() => input = null);
  send(ON);
  return { close: () => send(OFF) };
}
