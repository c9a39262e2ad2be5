/**
 * tracefs, where perf tracepoints have their numbers. Where nobody mounted it, ktop reaches it all the same, through
 * a mount that no other process sees.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { bpf, detachedMount, errnoName, type Handle, libc, perfEventOpen, struct } from "../ffi/mod.ts";

/** Where libbpf looks for it. */
const PLACES = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"] as const;

/** The directory where tracefs is mounted; null when it is not, or not to be read by this process. */
export async function mountedTracefs(): Promise<string | null> {
  for (const place of PLACES) {
    try {
      await Deno.stat(`${place}/events`);
      return place;
    } catch {
      continue; // not mounted there
    }
  }
  return null;
}

/** Whether this kernel has a tracefs that this process can mount. @returns 0 or a negative errno */
export function tryTracefs(): number {
  const root = detachedMount("tracefs");
  if (root < 0) return root;
  libc().close(root);
  return 0;
}

const TRACEPOINT = /^(?:tracepoint|tp)\/(\w+\/\w+)$/;

/** The event that a `tracepoint/<category>/<name>` section names, as "category/name"; null for other sections. */
export function tracepointEvent(section: string): string | null {
  return TRACEPOINT.exec(section)?.[1] ?? null;
}

const PERF_TYPE_TRACEPOINT = 2;
const PERF_ATTR_SIZE = 64;

/**
 * Attaches a program to a tracepoint without a mounted tracefs, as libbpf does with one.
 *
 * @param event "category/name"
 * @returns the `struct bpf_link *`
 * @throws {BpfError} ENOENT: this kernel has no such tracepoint
 */
export function attachTracepoint(
  program: { readonly name: string; readonly handle: Handle },
  event: string,
): Handle {
  const operation = `attach ${program.name}`;
  const fd = perfEventOpen(struct(PERF_ATTR_SIZE, [
    // struct perf_event_attr: type, size, config
    { offset: 0, u32: PERF_TYPE_TRACEPOINT },
    { offset: 4, u32: PERF_ATTR_SIZE },
    { offset: 8, u64: eventId(operation, event) },
  ]));
  if (fd < 0) throw new BpfError(operation, errnoName(fd), { detail: `perf_event_open ${event}` });
  const link = bpf().bpf_program__attach_perf_event(program.handle, fd);
  if (link !== null) return link;
  const errno = errnoName(bpf().error());
  libc().close(fd);
  throw new BpfError(operation, errno);
}

function eventId(operation: string, event: string): bigint {
  const root = detachedMount("tracefs");
  if (root < 0) throw new BpfError(operation, errnoName(root), { detail: "tracefs is not mounted" });
  try {
    return BigInt(Deno.readTextFileSync(`/proc/self/fd/${root}/events/${event}/id`).trim());
  } catch (cause) {
    throw new BpfError(operation, "ENOENT", { cause, detail: `this kernel has no tracepoint ${event}` });
  } finally {
    libc().close(root);
  }
}
