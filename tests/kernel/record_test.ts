/**
 * `ktop record` on this kernel: its file can be replayed, however the run ended.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, ktopCommand, RunningKtop, untilExit } from "../support/ktop.ts";
import { type JsonTick, rowsOf, sumColumn, total } from "../support/ticks.ts";
import { until } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";
import * as opens from "../workloads/opens.ts";

/** The ticks of a recording as NDJSON; fails unless it can be replayed. */
async function replayed(file: string): Promise<string> {
  const { code, stdout, stderr } = await ktop(["replay", file, "--json"]);
  assert.equal(code, 0, stderr);
  return stdout;
}

const lineCount = (text: string): number => text.split("\n").length - 1;

for (const name of ["plain", "packed.gz"]) {
  Deno.test(`replay --json of record ${name} prints the lines that record --json printed`, async () => {
    await using dir = await TemporaryDirectory.make();
    const file = `${dir.path}/${name}`;
    const work = await Workload.start("server", ["6"]);
    const tools = ["filetop", "vfsstat", "runqslower"];
    const options = ["--tools", tools.join(","), "--json", "-i", "0.4", "--count", "10"];
    const record = new RunningKtop(["record", file, ...options]);
    const first = await record.line();
    await work.run();
    const { rest, code, stderr } = await record.end();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    const printed = [first, ...rest].map((line) => line + "\n").join("");
    assert.equal(await replayed(file), printed);
    for (const tool of tools) {
      const rows = printed.split("\n").filter((line) =>
        line.includes(`"tool":"${tool}"`) && !/"rows":\[\]/.test(line)
      );
      assert.ok(rows.length > 0, `no row of ${tool}`);
    }
    assert.equal(Deno.statSync(file).mode! & 0o777, 0o600);
  });

  Deno.test(`record ${name} leaves a file that can be replayed when it is killed`, async () => {
    await using dir = await TemporaryDirectory.make();
    const file = `${dir.path}/${name}`;
    const record = ktopCommand(["record", file, "--tools", "vfsstat", "-i", "0.1"]).spawn();
    await until("three ticks", async () => {
      const { stdout } = await ktop(["replay", file, "--json"]);
      return lineCount(stdout);
    }, (lines) => lines >= 3);
    record.kill("SIGKILL");
    await untilExit(record, record.output());
    assert.ok(lineCount(await replayed(file)) >= 3);
  });

  Deno.test(`record ${name} exits with 1 on a full disk and leaves a file that can be replayed`, async () => {
    await using dir = await TemporaryDirectory.make();
    const mount = await new Deno.Command("mount", {
      args: ["-t", "tmpfs", "-o", "size=4k", "ktop-test", dir.path],
    }).output();
    assert.ok(mount.success);
    try {
      const file = `${dir.path}/${name}`;
      const { code, stdout, stderr } = await ktop(["record", file, "--tools", "vfsstat", "-i", "0.1"]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^ktop: .*no space is left on the device.*can be replayed\.\n$/);
      assert.ok(lineCount(await replayed(file)) >= 3);
    } finally {
      await new Deno.Command("umount", { args: [dir.path] }).output();
    }
  });
}

Deno.test("replay --by groups the recorded rows as --by grouped them live", async () => {
  await using dir = await TemporaryDirectory.make();
  const file = `${dir.path}/opens`;
  const work = await Workload.start("opens", []);
  const options = ["-p", String(work.pid), "-i", "0.4"];
  const record = new RunningKtop(["record", file, "--tools", "opensnoop,vfsstat", "--json", ...options]);
  await record.line();
  await work.run();
  assert.equal((await record.end()).code, 0);
  const printed = async (...args: string[]): Promise<string[]> => {
    const { code, stdout, stderr } = await ktop(["replay", file, ...args]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    return stdout.trimEnd().split("\n");
  };
  const ticks = (await printed("--json", "--by", "comm")).map((line) => JSON.parse(line) as JsonTick);
  assert.deepEqual([...new Set(ticks.map(({ tool, by }) => `${tool} ${by}`))], [
    "opensnoop comm",
    "vfsstat undefined",
  ]);
  const groups = rowsOf(ticks.filter(({ tool }) => tool === "opensnoop"));
  assert.ok(groups.every(({ comm }) => comm === "opens"));
  assert.equal(sumColumn(groups, "events"), total(opens.calls));
  const [header, ...lines] = await printed("opensnoop", "--csv", "--by", "err");
  assert.equal(header, "tick_time,interval_s,tier,lost_events,lost_keys,events,events_per_s,err,lost_runs");
  const counted = lines.reduce((sum, line) => sum + Number(line.split(",")[5]), 0);
  assert.equal(counted, total(opens.calls));
});

Deno.test("record exits with 0 at SIGINT and SIGTERM, and keeps the ticks until then", async () => {
  await using dir = await TemporaryDirectory.make();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const file = `${dir.path}/${signal}`;
    const record = new RunningKtop(["record", file, "--tools", "vfsstat", "--json", "-i", "0.1"]);
    await record.tick();
    const { code, stderr } = await record.end(signal);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.ok(lineCount(await replayed(file)) >= 1);
  }
});

Deno.test("record - writes the recording to standard output, and exits with 0 when its reader has exited", async () => {
  const { code, stdout } = await ktop(["record", "-", "--tools", "vfsstat", "-i", "0.1", "--count", "2"]);
  assert.equal(code, 0);
  assert.deepEqual(stdout.trimEnd().split("\n").map((line) => Object.keys(JSON.parse(line))[0]), [
    "format",
    "v",
    "tick",
    "v",
    "tick",
  ]);
  const child = ktopCommand(["record", "-", "--tools", "vfsstat", "-i", "0.1"]).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  assert.deepEqual([(await untilExit(child, child.status)).code, await new Response(child.stderr).text()], [
    0,
    "",
  ]);
});

Deno.test("record refuses a file that exists, and with --force replaces a link, not its target", async () => {
  await using dir = await TemporaryDirectory.make();
  const [victim, link] = [`${dir.path}/victim`, `${dir.path}/link`];
  await Deno.writeTextFile(victim, "precious", { mode: 0o644 });
  await Deno.symlink(victim, link);
  const args = ["--tools", "vfsstat", "-i", "0.1", "--count", "1"];
  for (const file of [victim, link]) {
    const { code, stderr } = await ktop(["record", file, ...args]);
    assert.deepEqual([code, /exists\. --force replaces it/.test(stderr)], [1, true], stderr);
  }
  assert.equal((await ktop(["record", link, "--force", ...args])).code, 0);
  assert.equal(await Deno.readTextFile(victim), "precious");
  assert.ok(Deno.lstatSync(link).isFile);
  assert.equal(lineCount(await replayed(link)), 1);
  for (
    const [file, says] of [["/dev/null", /not a regular file/], [dir.path, /not a regular file/], [
      `${dir.path}/no/file`,
      /directory/,
    ]]
  ) {
    const { code, stderr } = await ktop(["record", file as string, "--force", ...args]);
    assert.deepEqual([code, (says as RegExp).test(stderr)], [1, true], stderr);
  }
});

Deno.test("record writes why a tool cannot run, and makes no file when none can", async () => {
  const list = JSON.parse((await ktop(["list", "--json"])).stdout).tools;
  const unavailable = list.find(({ tier }: { tier: string | null }) => tier === null);
  if (!unavailable) return; // this kernel runs every tool
  await using dir = await TemporaryDirectory.make();
  const { tool } = unavailable;
  const file = `${dir.path}/file`;
  assert.equal((await ktop(["record", file, "--tools", tool])).code, 4);
  assert.deepEqual(Array.from(Deno.readDirSync(dir.path)), []);
  const run = await ktop(["record", file, "--tools", `vfsstat,${tool}`, "-i", "0.1", "--count", "1"]);
  assert.equal(run.code, 0);
  assert.match(run.stderr, new RegExp(`^ktop: ${tool} is left out: `));
  const { stdout } = await ktop(["replay", file]);
  assert.match(stdout, new RegExp(`== ${tool}: unavailable\\. .*cannot`));
});

Deno.test("record takes --panes when --tools is absent, and a --duration longer than a timer can be", async () => {
  const args = ["--panes", "vfsstat", "record", "-", "-i", "0.1", "--count", "2", "--duration", "9000000"];
  const { code, stdout } = await ktop(args);
  const [header, ...rest] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([code, header.tools.map(({ tool }: { tool: string }) => tool)], [0, ["vfsstat"]]);
  assert.equal(rest.filter(({ tick }) => tick !== undefined).length, 2);
});

Deno.test("record --set sets the flags of tools, which the recording names, and ignores the configuration", async () => {
  await using directory = await TemporaryDirectory.make();
  await Deno.mkdir(`${directory.path}/ktop`);
  await Deno.writeTextFile(`${directory.path}/ktop/config.toml`, "[tools.readpath.flags]\ncall = 'open'\n");
  const args = ["record", "-", "--tools", "readpath,runqslower", "-i", "0.1", "--count", "1"];
  const flags = async (...more: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await ktop([...args, ...more], {
      env: { XDG_CONFIG_HOME: directory.path },
    });
    assert.equal(code, 0, stderr);
    const [header] = stdout.split("\n");
    return JSON.parse(header!).tools.map((tool: { flags: unknown }) => tool.flags);
  };
  assert.deepEqual(await flags(), [{ call: "read" }, { "min-us": 10000 }]);
  const set = ["--set", "readpath.call=write", "--set", "runqslower.min-us=7"];
  assert.deepEqual(await flags(...set), [{ call: "write" }, { "min-us": 7 }]);
  for (const wrong of ["readpath.call=reed", "biosnoop.disk=vda", "readpath.folded"]) {
    const { code, stderr } = await ktop([...args, "--set", wrong]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^ktop: .*\n$/);
  }
});

Deno.test("record exits with 2 for options that it does not take", async () => {
  for (
    const args of [["--csv"], ["--fields", "read"], ["--sort", "read"], ["--tools", "vfstat"], [
      "--tools",
      "",
    ], ["--tools", "vfsstat,vfsstat"]]
  ) {
    const { code, stderr } = await ktop(["record", "/nonexistent/file", ...args]);
    assert.equal(code, 2, stderr);
  }
  assert.equal((await ktop(["record"])).code, 2);
  assert.equal((await ktop(["record", "-", "--json"])).code, 2);
});
