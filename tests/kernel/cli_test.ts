/**
 * Runs of a tool and of the panes: formats, columns, intervals.
 *
 * @module
 */
import assert from "node:assert/strict";
import { DEFAULT_PANES } from "../../src/tools/mod.ts";
import { ktop } from "../support/ktop.ts";

// deno-lint-ignore no-control-regex -- escape sequences are what must not appear
const ESCAPE_SEQUENCE = /\x1b/;

Deno.test("vfsstat INTERVAL COUNT prints its header and COUNT lines of numbers", async () => {
  const { code, stdout, stderr } = await ktop(["vfsstat", "0.1", "3"]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  assert.match(lines[0]!, /^vfsstat: .*\(tier \w+\)/);
  assert.match(
    lines[1]!,
    /^TIME +READ\/s +WRITE\/s +FSYNC\/s +OPEN\/s +CREATE\/s +UNLINK\/s +MKDIR\/s +RMDIR\/s$/,
  );
  assert.equal(lines.length, 2 + 3);
  for (const line of lines.slice(2)) assert.match(line, /^\d\d:\d\d:\d\d( +[<\d][\d.]*){8}$/);
});

Deno.test("--duration ends a run with a shorter last interval", async () => {
  const { code, stdout } = await ktop(["vfsstat", "--json", "-i", "0.2", "--duration", "0.5"]);
  const ticks = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([code, ticks.length], [0, 3]);
});

Deno.test("--fields selects and orders columns, and --csv puts the columns of the tick before them", async () => {
  const { stdout } = await ktop(["vfsstat", "--csv", "--fields", "open,READ/s", "0.1", "2"]);
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines[0], "tick_time,interval_s,tier,lost_events,lost_keys,open,read,lost_runs");
  assert.equal(lines.length, 3);
  assert.match(lines[1]!, /^\d{4}-\d\d-\d\dT[\d:.]+Z,0\.\d+,\w+,0,0,\d+,\d+,0$/);
});

Deno.test("ktop without a terminal prints the panes as plain text without escape sequences", async () => {
  const { code, stdout, stderr } = await ktop(["-i", "0.1", "--count", "2"], {
    env: { TERM: "xterm-256color" },
  });
  assert.equal(code, 0);
  assert.match(stderr, /^(ktop: \w+ cannot run here: \w+ replaces it\. ktop doctor shows why\.\n)?$/);
  assert.doesNotMatch(stdout, ESCAPE_SEQUENCE);
  assert.equal(stdout.split("\n").filter((line) => line.startsWith("== ")).length, 2 * 4);
});

Deno.test("--json without a tool prints one line for each running tool and interval", async () => {
  const { stdout } = await ktop(["--json", "-i", "0.1", "--count", "2", "--panes", "vfsstat,runqslower"]);
  const tools = stdout.trimEnd().split("\n").map((line) => JSON.parse(line).tool);
  assert.deepEqual(tools, ["vfsstat", "runqslower", "vfsstat", "runqslower"]);
});

Deno.test("--json without a tool reports on standard error which tools are left out, and exits with 4 when all are", async () => {
  const list = JSON.parse((await ktop(["list", "--json"])).stdout).tools;
  const { tool } = list.find(({ tier }: { tier: string | null }) => tier === null) ?? {};
  if (tool === undefined) return; // this kernel runs every tool
  const some = await ktop(["--json", "-i", "0.1", "--count", "1", "--panes", `${tool},vfsstat`]);
  assert.equal(some.code, 0);
  assert.match(some.stderr, new RegExp(`^ktop: ${tool} is left out: .*CONFIG_\\w+.*\n$`));
  for (const format of ["--json", "--batch"]) {
    assert.equal((await ktop([format, "-i", "0.1", "--count", "1", "--panes", tool])).code, 4);
  }
});

Deno.test("a default pane that this kernel cannot run is named in one line, and yields its place to biolatency with -b", async () => {
  const list = JSON.parse((await ktop(["list", "--json"])).stdout).tools;
  const isDefault = ({ tool }: { tool: string }): boolean => DEFAULT_PANES.includes(tool);
  const missing = list.filter(({ tier }: { tier: string | null }) => tier === null).find(isDefault)?.tool;
  const run = ["-i", "0.1", "--count", "1"];
  const batch = await ktop(["--batch", ...run]);
  const json = await ktop(["--json", ...run]);
  assert.deepEqual([batch.code, json.code], [0, 0]);
  const shown = DEFAULT_PANES.map((tool) => tool === missing ? "biolatency" : tool);
  assert.deepEqual([...batch.stdout.matchAll(/^== (\w+) /gm)].map(([, tool]) => tool), shown);
  const tools = json.stdout.trimEnd().split("\n").map((line) => JSON.parse(line).tool);
  assert.deepEqual(tools, DEFAULT_PANES.filter((tool) => tool !== missing));
  if (missing === undefined) return assert.equal(batch.stderr + json.stderr, "");
  assert.equal(
    batch.stderr,
    `ktop: ${missing} cannot run here: biolatency replaces it. ktop doctor shows why.\n`,
  );
  assert.equal(
    json.stderr,
    `ktop: ${missing}: left out, because it cannot run here. ktop doctor shows why.\n`,
  );
});
