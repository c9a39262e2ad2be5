/**
 * The screen over a fake monitor, for the terminal tests and for manual use: `deno run -A tests/terminal/demo.ts [--seed N]
 * [--load N] [--history TICKS] [--every MS] [--dcstat] [--figures] [--comm NAME] [--ascii] [--no-color] [--pid-file PATH] [--throw-after MS]`.
 *
 * @module
 */
import { screenSystem } from "../../src/cli/screen_system.ts";
import { runApp } from "../../src/tui/mod.ts";
import { FakeMonitor } from "../support/fake_monitor.ts";

function textAfter(flag: string): string | undefined {
  const at = Deno.args.indexOf(flag);
  return at < 0 ? undefined : Deno.args[at + 1];
}

const numberAfter = (flag: string, fallback: number): number => Number(textAfter(flag) ?? fallback);

const pidFile = textAfter("--pid-file");
if (pidFile) Deno.writeTextFileSync(pidFile, String(Deno.pid));

const monitor = new FakeMonitor({
  seed: numberAfter("--seed", 1),
  load: numberAfter("--load", 1),
  dcstat: Deno.args.includes("--dcstat"),
  figures: Deno.args.includes("--figures"),
  restrictions: textAfter("--comm") === undefined ? {} : { comm: textAfter("--comm")! },
});
const history = numberAfter("--history", 0);
if (history > 0) monitor.attach();
for (let i = 0; i < history; i++) monitor.tick();

const code = await runApp(monitor, {
  system: screenSystem(),
  noColor: Deno.args.includes("--no-color"),
  ascii: Deno.args.includes("--ascii"),
  env: Deno.env.toObject(),
  setup: {
    theme: "dark",
    overrides: {},
    keys: new Map(),
    mouse: false,
    panes: [],
    paneSets: [
      { name: "files", summary: "files and calls", tools: ["filetop", "vfsstat", "opensnoop"], spares: [] },
      {
        name: "cpu",
        summary: "waits",
        tools: ["runqlat", "dcstat", "vfscount"],
        spares: ["execsnoop", "vfsstat"],
      },
    ],
  },
  onReady: () => {
    monitor.attach();
    setInterval(() => monitor.tick(), numberAfter("--every", 1000));
    const throwAfter = numberAfter("--throw-after", -1);
    if (throwAfter < 0) return;
    setTimeout(() => {
      throw new Error("thrown on purpose");
    }, throwAfter);
  },
});
console.error(`calls: ${monitor.calls.join(", ")}`);
Deno.exit(code);
