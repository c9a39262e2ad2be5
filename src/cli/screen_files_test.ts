import assert from "node:assert/strict";
import { join } from "node:path";
import { narrowTools } from "../monitor/mod.ts";
import { flameModel, ROWS } from "../../tests/support/flame.ts";
import { screenWriter } from "./screen_files.ts";

/** Writes a screen, and returns its folded stacks and their picture. */
async function written(model: ReturnType<typeof flameModel>): Promise<{ folded: string; svg: string }> {
  const directory = await Deno.makeTempDir();
  try {
    await screenWriter(directory)({ text: "", svg: "", html: "", model });
    const names = [...Deno.readDirSync(directory)].map(({ name }) => name);
    const read = (end: string): string =>
      Deno.readTextFileSync(join(directory, names.find((name) => name.endsWith(end))!));
    return { folded: read(".profile.folded"), svg: read(".profile.svg") };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("screenWriter() writes the stacks of all processes, and those of the process to which panes are narrowed", async () => {
  const model = flameModel([ROWS, ROWS]);
  const all = await written(model);
  assert.match(all.folded, /^web;main;serve;parse 60$/m);
  assert.match(all.folded, /^db;main;scan 80$/m);
  const { folded, svg } = await written({ ...model, tools: narrowTools(model.tools, 1) });
  assert.deepEqual(folded.trimEnd().split("\n").sort(), [
    "web;main;serve;parse 60",
    "web;main;serve;read;vfs_read 40",
  ]);
  assert.ok(!svg.includes("scan"));
  assert.match(svg, /process 1, /);
});

Deno.test("screenWriter() leaves out the intervals in which other processes were counted", async () => {
  const model = flameModel([ROWS, ROWS]);
  const [tool] = model.tools;
  const { folded } = await written({
    ...model,
    tools: [{ ...tool!, otherScope: new Set([tool!.times[0]!]) }],
  });
  assert.match(folded, /^web;main;serve;parse 30$/m);
});

Deno.test("screenWriter() says why no file can be created", async () => {
  await assert.rejects(
    screenWriter("/proc")({ text: "", svg: "", html: "", model: flameModel([ROWS]) }),
    /^KtopError: no file can be created in \/proc$/,
  );
});
