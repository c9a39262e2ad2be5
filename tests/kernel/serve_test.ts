/**
 * `ktop serve` against workloads whose counts are known, and promtool as the judge of its text.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withNamedCgroup } from "../support/cgroup.ts";
import { withExt4 } from "../support/devices.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, WITHOUT_BPF } from "../support/ktop.ts";
import { type Scrape, ServingKtop } from "../support/metrics.ts";
import { until } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";
import { kinds } from "../workloads/calls.ts";
import { allFiles, MANY_FILES } from "../workloads/io.ts";
import * as slow from "../workloads/slow.ts";

const TOKEN = "only-for-this-test/0123456789";

/** The vfsstat counters of a scrape, by kind of call. */
const callsOf = (scrape: Scrape): Record<string, number | undefined> =>
  Object.fromEntries(Object.keys(kinds).map((kind) => [kind, scrape.get(`ktop_vfsstat_${kind}_total`)]));

/** Scrapes until a test holds. */
const scrapeUntil = (ktop: ServingKtop, what: string, holds: (scrape: Scrape) => boolean): Promise<Scrape> =>
  until(what, () => ktop.scrape(), holds);

Deno.test("serve counts each of eight kinds of calls exactly, and starts at zero again", async () => {
  for (const _ of ["first", "second"]) {
    const work = await Workload.start("calls");
    await using ktop = await ServingKtop.start(["--tools", "vfsstat", "-i", "0.1", "-p", String(work.pid)]);
    assert.deepEqual(
      callsOf(await ktop.scrape()),
      Object.fromEntries(Object.keys(kinds).map((kind) => [kind, 0])),
    );
    await work.run();
    const scrape = await scrapeUntil(
      ktop,
      "the end",
      (now) => (now.get("ktop_vfsstat_rmdir_total") ?? 0) >= kinds.rmdir,
    );
    assert.deepEqual(callsOf(scrape), { ...kinds });
    assert.equal(scrape.get('ktop_lost_events_total{tool="vfsstat"}'), 0);
    const { code, stderr } = await ktop.end();
    assert.equal(code, 0, stderr);
  }
});

Deno.test("reads and writes are counted by cgroup", () =>
  withNamedCgroup(`serve-${Deno.pid}`, async ({ procs, path }) => {
    const work = await Workload.start("io");
    await Deno.writeTextFile(procs, String(work.pid));
    await using ktop = await ServingKtop.start(["--tools", "filetop", "-i", "0.1", "-p", String(work.pid)]);
    await work.run();
    const of = (scrape: Scrape, metric: string, container: string): number =>
      scrape.get(`ktop_filetop_${metric}_total{container="${container}"}`) ?? 0;
    const scrape = await scrapeUntil(
      ktop,
      "the last write",
      (now) => of(now, "writes", path) >= allFiles.writes,
    );
    for (const [metric, sum] of Object.entries(allFiles)) {
      assert.equal(of(scrape, metric, path), sum, metric);
      assert.equal(of(scrape, metric, "other"), 0);
    }
  }));

Deno.test("20,011 files make no series, and each write is counted or lost", async () => {
  const work = await Workload.start("many_files");
  await using ktop = await ServingKtop.start(["--tools", "filetop", "-p", String(work.pid)]);
  await work.run();
  const writes = (scrape: Scrape): [string, number][] =>
    [...scrape].filter(([key]) => /^ktop_(?:filetop_writes|lost_keys)_total/.test(key));
  const sum = (scrape: Scrape): number => writes(scrape).reduce((total, [, value]) => total + value, 0);
  const scrape = await scrapeUntil(ktop, "the last write", (now) => sum(now) >= MANY_FILES);
  assert.equal(sum(scrape), MANY_FILES);
  assert.equal(writes(scrape).length, 3);
});

/** Checks that a histogram counted so many values, and that its sum is between the bounds of its buckets. */
function checkHistogram(scrape: Scrape, name: string, labels: string, count: number): number {
  const buckets = [...scrape].flatMap(([key, upTo]) => {
    const [, bound] = key.startsWith(`${name}_bucket{${labels}`) ? /le="([^"]+)"/.exec(key)! : [];
    return bound === undefined ? [] : [{ bound: Number(bound.replace("+Inf", "Infinity")), upTo }];
  });
  const sum = scrape.get(`${name}_sum{${labels}}`)!;
  const values = buckets.map(({ upTo }, i) => upTo - (buckets[i - 1]?.upTo ?? 0));
  const [lower, upper] = [(i: number) => buckets[i - 1]?.bound ?? 0, (i: number) => buckets[i]!.bound].map((
    bound,
  ) => values.reduce((total, number, i) => total + (number === 0 ? 0 : number * bound(i)), 0));
  assert.equal(buckets.length, 32);
  assert.deepEqual([buckets.at(-1)!.upTo, scrape.get(`${name}_count{${labels}}`)], [count, count], labels);
  assert.ok(values.every((number) => number >= 0));
  assert.ok(sum >= lower! && sum <= upper!, `${lower} <= ${sum} <= ${upper}`);
  return sum;
}

Deno.test("histograms of operations have the exact count, and a sum that the workload measured", () =>
  withExt4(async (directory) => {
    const work = await Workload.start("slow", [directory]);
    const settings = ["fsdist.type=ext4", "fsslower.min-ms=0"].flatMap((setting) => ["--set", setting]);
    const options = ["--tools", "fsdist,fsslower", "-i", "0.1", "-p", String(work.pid)];
    await using ktop = await ServingKtop.start([...options, ...settings]);
    const printed = await work.run();
    const fsync = (scrape: Scrape): number => scrape.get('ktop_fsdist_seconds_count{operation="fsync"}') ?? 0;
    const events = (scrape: Scrape): number =>
      [...scrape].reduce(
        (sum, [key, value]) => sum + (key.startsWith("ktop_fsslower_events_total") ? value : 0),
        0,
      );
    const [up] = [...(await ktop.scrape()).keys()].filter((key) =>
      key.startsWith('ktop_tool_up{tool="fsdist"')
    );
    const tier = /tier="([^"]+)"/.exec(up!)![1]!;
    const kinds = slow.operationKinds(tier);
    const all = Object.values(kinds).reduce((sum, count) => sum + count, 0);
    const scrape = await scrapeUntil(ktop, "all", (now) => fsync(now) >= kinds.fsync! && events(now) >= all);
    const [series] = [...scrape.keys()].filter((key) => /^ktop_fsslower_events_total.*"R"/.test(key));
    const container = /container="[^"]+"/.exec(series!)![0];
    for (
      const [operation, letter] of [["read", "R"], ["write", "W"], ["open", "O"], ["fsync", "S"]] as const
    ) {
      const count = kinds[operation]!;
      const [, ns] = new RegExp(`^${slow.measuredWords[letter]} (\\d+)$`, "m").exec(printed)!;
      for (
        const sum of [
          checkHistogram(scrape, "ktop_fsdist_seconds", `operation="${operation}"`, count),
          checkHistogram(scrape, "ktop_fsslower_lat_seconds", `operation="${letter}",${container}`, count),
        ]
      ) {
        // Within a write to a file opened with O_SYNC there is a sync, which has its own time.
        if (operation !== "fsync") assert.ok(sum <= Number(ns) / 1e9, `${operation}: ${sum} s of ${ns} ns`);
      }
    }
  }));

Deno.test("the histogram of waits has each wait that runqslower 0 reports", async () => {
  const work = await Workload.start("spinners", ["1"]);
  const options = ["--tools", "runqslower,runqlat", "--set", "runqslower.min-us=0", "-i", "0.1"];
  await using ktop = await ServingKtop.start([...options, "-p", String(work.pid)]);
  await work.run();
  const counts = (scrape: Scrape): [number, number] => {
    const events = [...scrape].filter(([key]) => key.startsWith("ktop_runqslower_events_total"));
    return [scrape.get("ktop_runqlat_seconds_count")!, events.reduce((sum, [, value]) => sum + value, 0)];
  };
  const scrape = await scrapeUntil(ktop, "as many waits", (now) => {
    const [waits, events] = counts(now);
    return waits > 0 && waits === events;
  });
  assert.ok(scrape.get("ktop_runqlat_seconds_sum")! > 0);
});

Deno.test("promtool has no complaint about the metrics of all tools", async () => {
  const work = await Workload.start("calls");
  const tools =
    "filetop,vfsstat,dcstat,runqslower,fileslower,fsslower,fsdist,runqlat,biolatency,opensnoop,execsnoop,statsnoop,syscount,mountsnoop," +
    "biosnoop,biotop,cachestat,filelife,filegone,dcsnoop,nettop,tcplife,tcpretrans,tcpconnect,tcpaccept";
  await using ktop = await ServingKtop.start(["--tools", tools, "-i", "0.2", "--cost"]);
  await work.run();
  await scrapeUntil(
    ktop,
    "an opened file",
    (now) => [...now.keys()].some((key) => /^ktop_opensnoop_.*="\//.test(key)),
  );
  const text = await (await fetch(ktop.url)).text();
  const promtool = new Deno.Command("promtool", {
    args: ["check", "metrics"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = promtool.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { code, stdout, stderr } = await promtool.output();
  const decoder = new TextDecoder();
  assert.deepEqual([code, decoder.decode(stdout), decoder.decode(stderr)], [0, "", ""]);
  assert.match(text, /^ktop_probe_runs_total\{tool="[^"]+"\} [1-9]/m);
});

Deno.test("serve gives up its capabilities once its tools are attached", async () => {
  await using ktop = await ServingKtop.start(["--tools", "vfsstat,opensnoop"]);
  for (const { name } of Deno.readDirSync(`/proc/${ktop.pid}/task`)) {
    const status = Deno.readTextFileSync(`/proc/${ktop.pid}/task/${name}/status`);
    const effective = BigInt(`0x${/^CapEff:\s*(\w+)$/m.exec(status)![1]}`);
    assert.equal(effective & ~(1n << 39n), 0n, `thread ${name}`); // old kernels need CAP_BPF to read maps
    assert.match(status, /^NoNewPrivs:\s*1$/m);
  }
});

Deno.test("serve reports what is in its way, each with its exit code", async () => {
  await using dir = await TemporaryDirectory.make();
  const file = async (name: string, text: string, mode = 0o600): Promise<string> => {
    await Deno.writeTextFile(`${dir.path}/${name}`, text);
    await Deno.chmod(`${dir.path}/${name}`, mode);
    return `${dir.path}/${name}`;
  };
  const good = await file("good", `${TOKEN}\n`);
  const open = await file("open", TOKEN, 0o604);
  const short = await file("short", "0123456789abcde");
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  for (
    const [args, code, message] of [
      [["--listen", "0.0.0.0:0"], 2, /so clients must send a token\. Name a file/],
      [["--listen", "[::]:0"], 2, /so clients must send a token\. Name a file/],
      [["--listen", "localhost"], 2, /--listen takes an IP address and a port, not "localhost"/],
      [["--insecure"], 2, /--insecure has no effect on a loopback address/],
      [
        ["--listen", "0.0.0.0:0", "--insecure", "--token-file", good],
        2,
        /--insecure has no effect with --token/,
      ],
      [["--token-file", `${dir.path}/none`], 1, /Cannot read the token file .*none: No such file/],
      [["--token-file", dir.path], 1, /is not a regular file/],
      [["--token-file", open], 1, /Other users can read or write the token file .* Run chmod o-rw/],
      [["--token-file", short], 1, /has no token: 16 to 1024 .* Make one: head/],
      [["--listen", `127.0.0.1:${taken.addr.port}`], 1, /the port is in use\. Choose another one/],
      [["--listen", "192.0.2.7:0", "--token-file", good], 1, /this machine does not have the address/],
      [["--tools", "profile"], 2, /profile has no metrics/],
      [["--set", "syscount.latency=true"], 2, /--set names syscount, which is not exported/],
      [["--json"], 2, /unknown option '--json'/],
      [["--series", "0"], 2, /whole number from 1 to 10000/],
      [["--tools", "vfsstat", "--", "true"], 2, /-- CMD has no effect on serve/],
    ] as const
  ) {
    const run = await ktop(["serve", ...args]);
    assert.deepEqual([run.code, run.stdout], [code, ""], `${args}: ${run.stderr}`);
    assert.match(run.stderr, message);
  }
  const port = ["--listen", "127.0.0.1:0", "--tools", "vfsstat"];
  const { code, stderr } = await ktop(["serve", ...port], WITHOUT_BPF);
  assert.equal(code, 3, stderr);
  const through = ["setpriv", "--bounding-set", "-sys_admin"];
  const withCost = await ktop(["serve", ...port, "--cost"], { through });
  assert.equal(withCost.code, 3);
  assert.match(withCost.stderr, /^ktop: Measuring BPF programs needs CAP_SYS_ADMIN\. Run ktop as root/);
});

Deno.test("serve answers a foreign address and a token file only with the token", async () => {
  await using dir = await TemporaryDirectory.make();
  const file = `${dir.path}/token`;
  await Deno.writeTextFile(file, `${TOKEN}\n`, { mode: 0o600 });
  await using ktop = await ServingKtop.start(["--tools", "vfsstat", "--token-file", file], "0.0.0.0:0");
  assert.equal(ktop.url.hostname, "0.0.0.0");
  ktop.url.hostname = "127.0.0.1";
  const ask = async (headers: Record<string, string>): Promise<[number, string | null]> => {
    const response = await fetch(ktop.url, { headers });
    await response.body?.cancel();
    return [response.status, response.headers.get("www-authenticate")];
  };
  assert.deepEqual(await ask({}), [401, 'Bearer realm="ktop"']);
  assert.deepEqual(await ask({ authorization: `Bearer ${TOKEN}x` }), [401, 'Bearer realm="ktop"']);
  assert.deepEqual(await ask({ authorization: `Bearer ${TOKEN}` }), [200, null]);
});
