/**
 * ktop list and ktop doctor.
 *
 * @module
 */
import assert from "node:assert/strict";
import { BpfObject } from "../../src/bpf/mod.ts";
import type { TierName } from "../../src/model/mod.ts";
import { DISTINCT_TOOLS, TOOLS } from "../../src/tools/mod.ts";
import { mapBytesOf } from "../support/kernel_maps.ts";
import { ktop, RunningKtop, WITHOUT_BPF } from "../support/ktop.ts";
import "./bpf_fixture.ts";

Deno.test("doctor reports without capabilities, in one line, that it needs root", async () => {
  const { stdout } = await ktop(["doctor"], WITHOUT_BPF);
  const [features] = stdout.split("\nTools");
  assert.equal(features!.match(/as root/g)?.length, 1);
});

Deno.test("doctor prints the caveat of each tool's tier as it is written", async () => {
  const { tools } = JSON.parse((await ktop(["list", "--json"])).stdout);
  const lines = (await ktop(["doctor"])).stdout.split("\n");
  for (const { tool, tier } of tools) {
    const caveat = tier === null
      ? undefined
      : TOOLS.find(({ name }) => name === tool)!.caveats[tier as TierName];
    if (caveat === undefined) continue;
    assert.ok(
      lines.some((line) => line.startsWith(`  ${tool} `) && line.endsWith(caveat)),
      `${tool}: ${caveat}`,
    );
  }
});

Deno.test("list and doctor report without capabilities that tiers are assumed, and which capabilities are missing", async () => {
  const list = await ktop(["list", "--json"], WITHOUT_BPF);
  assert.equal(JSON.parse(list.stdout).assumed, true);
  assert.match(list.stderr, /cannot be probed without CAP_BPF and CAP_PERFMON: the tiers are assumed/);
  assert.match(
    (await ktop(["doctor"], WITHOUT_BPF)).stdout,
    /capabilities +no +missing CAP_BPF and CAP_PERFMON\. Run it as root/,
  );
  const root = await ktop(["list", "--json"]);
  assert.deepEqual([JSON.parse(root.stdout).assumed, root.stderr], [false, ""]);
});

Deno.test("doctor --json has an answer for each feature, and a tier or a reason for each tool", async () => {
  const { code, stdout } = await ktop(["doctor", "--json"]);
  assert.equal(code, 0);
  const { features, tools } = JSON.parse(stdout);
  for (const [name, probe] of Object.entries<{ answer: string }>(features)) {
    assert.match(probe.answer, /^(yes|no|inconclusive)$/, name);
  }
  for (const { tool, tier, reason } of tools) assert.ok(tier !== null || reason !== "", tool);
});

Deno.test("doctor reports the kernel memory that the maps of a running tool take", async () => {
  const { tools } = JSON.parse((await ktop(["doctor", "--json"])).stdout);
  const shared = (await BpfObject.measureMaps("cgroups"))! +
    (Deno.build.arch === "x86_64" ? (await BpfObject.measureMaps("syscalls"))! : 0);
  const measured = tools.find(({ tool }: { tool: string }) => tool === "opensnoop");
  for (
    // The screen's ring buffer, and the larger one of other output where memory is not scarce.
    const [options, bytes, ring] of [[["--max-memory", "16"], measured.map_bytes, 4], [
      [],
      measured.output_map_bytes,
      16,
    ]]
  ) {
    const run = new RunningKtop(["opensnoop", "--json", "-i", "0.1", ...options]);
    await run.tick();
    const running = mapBytesOf(run.pid);
    await run.finish();
    assert.equal(bytes + shared, running);
    assert.ok(bytes > ring * 1024 * 1024 && bytes < (ring + 1) * 1024 * 1024, `${bytes}`);
  }
  const { stdout } = await ktop(["doctor"]);
  assert.match(
    stdout,
    /^Kernel memory of maps and ring buffers.*\n(?: {2}\w+ +[\d.]+[KM](?: +[\d.]+[KM] for text, --json and --csv)?\n){10,30} {2}default panes +[\d.]+M\n/m,
  );
});

Deno.test("list and doctor name each tool once, with its aliases", async () => {
  const aliases = (kind: string): string[] => ["ext4", "xfs", "btrfs"].map((type) => `${type}${kind}`);
  for (const command of ["list", "doctor"]) {
    const { tools } = JSON.parse((await ktop([command, "--json"])).stdout);
    const names = tools.map(({ tool }: { tool: string }) => tool);
    assert.deepEqual(names.sort(), DISTINCT_TOOLS.map(({ name }) => name).sort(), command);
    const others = tools.filter((entry: { aliases: string[] }) => entry.aliases.length > 0);
    assert.deepEqual(
      others.map((entry: { tool: string; aliases: string[] }) => [entry.tool, entry.aliases]),
      [["fsslower", aliases("slower")], ["fsdist", aliases("dist")]],
    );
    const { stdout } = await ktop([command]);
    assert.match(stdout, /^ *fsslower .*also ext4slower, xfsslower, btrfsslower/m);
    assert.doesNotMatch(stdout, /^ *ext4slower/m);
  }
});
