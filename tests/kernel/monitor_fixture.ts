/**
 * A monitor of tools on this kernel whose ticks a test makes.
 *
 * @module
 */
import assert from "node:assert/strict";
import { probeFeatures } from "../../src/bpf/mod.ts";
import { defaultToolOptions } from "../../src/cli/options.ts";
import type { Row, ToolModel } from "../../src/model/mod.ts";
import { Monitor, type ToolRequest } from "../../src/monitor/mod.ts";
import { TOOLS } from "../../src/tools/mod.ts";

// libbpf is opened once and never closed: open it before Deno looks for leaks in a test.
await probeFeatures();

/** Every tool, with its default options. */
export const REQUESTS: readonly ToolRequest[] = TOOLS.map((tool) => ({
  tool,
  options: defaultToolOptions(tool, {}),
}));
/** The request of a tool. */
export const request = (name: string): ToolRequest => REQUESTS.find(({ tool }) => tool.name === name)!;

/** A monitor with these tools attached; the test makes its ticks. */
export async function attached(...names: string[]): Promise<Monitor & Disposable> {
  const monitor = new Monitor(names.map(request), 3600, REQUESTS);
  await monitor.attach();
  return Object.assign(monitor, { [Symbol.dispose]: () => monitor.close() });
}

/** A tool in the monitor's model. */
export function toolOf(monitor: Monitor, name: string): ToolModel {
  const found = monitor.model().tools.find(({ tool }) => tool.name === name);
  assert.ok(found, name);
  return found;
}

/** The number of BPF programs that this process has open. */
export function openPrograms(): number {
  const fds = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`);
    } catch {
      return ""; // the descriptor of /proc/self/fd is closed by now
    }
  });
  return fds.filter((target) => target === "anon_inode:bpf-prog").length;
}

/** The rows of the last tick. */
export const rowsOf = (monitor: Monitor, name: string): readonly Row[] =>
  toolOf(monitor, name).tick?.rows ?? [];
