import assert from "node:assert/strict";
import { FakeMonitor } from "../support/fake_monitor.ts";
import { useZone, utcAt } from "../../src/text/mod.ts";
import { screenWriter } from "../../src/cli/screen_files.ts";

Deno.test("the files of a screen are named after the moment that it shows", async () => {
  const before = useZone(utcAt);
  const directory = await Deno.makeTempDir();
  try {
    const monitor = new FakeMonitor();
    monitor.attach();
    monitor.tick();
    const model = { ...monitor.model(), time: Date.UTC(2026, 10, 30, 1, 11, 22) };
    const write = screenWriter(directory);
    for (let i = 0; i < 2; i++) await write({ text: "shown\n", svg: "", html: "", model });
    const names = [...Deno.readDirSync(directory)].map(({ name }) => name).filter((name) =>
      name.endsWith(".txt")
    );
    assert.deepEqual(names.sort(), ["ktop-20261130-011122-2.txt", "ktop-20261130-011122.txt"]);
  } finally {
    useZone(before);
    await Deno.remove(directory, { recursive: true });
  }
});
