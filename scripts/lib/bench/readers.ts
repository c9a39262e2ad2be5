/**
 * Programs that read events: waiting until they have attached.
 *
 * @module
 */

/** Runs the command that follows in a mount namespace with tracefs, which the peers attach by. */
export const WITH_TRACEFS = [
  "unshare",
  "--mount",
  "sh",
  "-c",
  '[ -d /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing; exec "$@"',
  "sh",
] as const;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether a process has attached BPF programs: it holds links, or the perf events of a perf buffer. */
function hasAttached(pid: number): boolean {
  try {
    return Array.from(Deno.readDirSync(`/proc/${pid}/fd`)).some(({ name }) =>
      /bpf_link|bpf-link|perf_event/.test(Deno.readLinkSync(`/proc/${pid}/fd/${name}`))
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false; // the descriptor was closed in between
    throw error;
  }
}

/** Waits until a process has attached BPF programs, and a second for the rest of them; at most a minute. */
export async function untilAttached(pid: number): Promise<void> {
  for (let attempt = 0; !hasAttached(pid); attempt++) {
    if (attempt === 1200) throw new Error("waited for a minute");
    await pause(50);
  }
  await pause(1000);
}
