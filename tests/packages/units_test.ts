/**
 * What systemd says about the units in scripts/systemd.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { TemporaryDirectory } from "../support/directory.ts";

const UNITS = join(import.meta.dirname!, "../../scripts/systemd");
/** The highest exposure that `systemd-analyze security` may report; 10 is a service without any restriction. */
const MAX_EXPOSURE = 3.0;

const services = [...Deno.readDirSync(UNITS)].map(({ name }) => name).filter((name) =>
  name.endsWith(".service")
);
assert.deepEqual(services.toSorted(), ["ktop-record.service", "ktop-serve.service"]);

async function analyze(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", { args: [...args] }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

for (const service of services) {
  Deno.test(`the exposure of ${service} is at most ${MAX_EXPOSURE.toFixed(1)}`, async () => {
    const { code, stdout, stderr } = await analyze([
      "security",
      "--offline=true",
      "--no-pager",
      `--threshold=${MAX_EXPOSURE * 10}`,
      join(UNITS, service),
    ]);
    const [, exposure] = /Overall exposure level for \S+: (\d+\.\d)/.exec(stdout) ?? [];
    assert.ok(exposure !== undefined, `systemd-analyze cannot run: ${stderr}`);
    assert.ok(Number(exposure) <= MAX_EXPOSURE, `${exposure}\n${stdout}`);
    assert.equal(code, 0, stderr);
  });
}

Deno.test("systemd knows every setting of the units", async () => {
  await using root = await TemporaryDirectory.make();
  const directory = join(root.path, "units");
  await Deno.mkdir(directory);
  for (const { name } of Deno.readDirSync(UNITS)) {
    const text = await Deno.readTextFile(join(UNITS, name));
    await Deno.writeTextFile(join(directory, name), text.replaceAll("/usr/bin/ktop", "/bin/true"));
  }
  const files = [...Deno.readDirSync(directory)].map(({ name }) => join(directory, name));
  const { code, stdout, stderr } = await analyze(["verify", "--man=no", "--recursive-errors=no", ...files]);
  assert.deepEqual([code, stdout, stderr], [0, "", ""]);
});
