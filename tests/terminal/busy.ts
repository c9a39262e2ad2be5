/**
 * A program whose JavaScript never returns to the event loop, once it runs like a tool (`text`) or shows the screen (`screen`).
 *
 * @module
 */
import { screenSystem } from "../../src/cli/screen_system.ts";
import { Session } from "../../src/cli/session.ts";
import { runApp } from "../../src/tui/mod.ts";
import { FakeMonitor } from "../support/fake_monitor.ts";

function beBusy(): void {
  console.error("busy");
  while (true);
}

if (Deno.args[0] === "text") {
  const session = new Session({ intervalS: 1 });
  await session.run(() => Promise.resolve(beBusy()));
} else {
  const monitor = new FakeMonitor({ seed: 1, load: 1, dcstat: false });
  await runApp(monitor, {
    system: screenSystem(),
    noColor: false,
    ascii: false,
    env: Deno.env.toObject(),
    onReady: () => void setTimeout(beBusy),
  });
}
