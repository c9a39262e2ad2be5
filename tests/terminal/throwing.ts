/**
 * ktop's screen and monitor, with an exception thrown on purpose after every tool was attached or failed to attach. Before
 * that it prints the ids of its BPF programs on standard error.
 *
 * @module
 */
import { defaultToolOptions } from "../../src/cli/options.ts";
import { Monitor } from "../../src/monitor/mod.ts";
import { DEFAULT_PANES, TOOLS } from "../../src/tools/mod.ts";
import { screenSystem } from "../../src/cli/screen_system.ts";
import { runApp } from "../../src/tui/mod.ts";
import { programsOf } from "../support/programs.ts";

const tools = TOOLS.filter(({ name }) => DEFAULT_PANES.includes(name));
const monitor = new Monitor(tools.map((tool) => ({ tool, options: defaultToolOptions(tool, {}) })), 1);
const onReady = async (): Promise<void> => {
  await monitor.start();
  console.error("programs", ...programsOf(Deno.pid));
  setTimeout(() => {
    throw new Error("thrown on purpose");
  });
};
Deno.exit(
  await runApp(monitor, {
    system: screenSystem(),
    noColor: false,
    ascii: false,
    env: Deno.env.toObject(),
    onReady: () => void onReady(),
  }),
);
