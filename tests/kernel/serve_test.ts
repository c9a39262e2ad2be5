/**
 * `ktop serve` against workloads whose counts are known, and promtool as the judge of its text.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withNamedCgroup } from "../support/cgroup.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, WITHOUT_BPF } from "../support/ktop.ts";
import { type Scrape, ServingKtop } from "../support/metrics.ts";
import { until } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";
import { kinds } from "../workloads/calls.ts";
import { allFiles, MANY_FILES } from "../workloads/io.ts";

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

Deno.test("promtool has no complaint about the metrics of all tools", async () => {
  const work = await Workload.start("calls");
  const tools =
    "filetop,vfsstat,dcstat,runqslower,fileslower,fsslower,opensnoop,execsnoop,statsnoop,syscount,mountsnoop," +
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
  const { code, stderr } = await ktop(["serve", "--listen", "127.0.0.1:0"], WITHOUT_BPF);
  assert.equal(code, 3, stderr);
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
