/**
 * Debian's prometheus scrapes `ktop serve`: its queries answer with the numbers of the workload.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { flagsOf } from "../../src/model/mod.ts";
import { metricsOf } from "../../src/serve/mod.ts";
import { TOOLS } from "../../src/tools/mod.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { parseMetrics, type Scrape, ServingKtop } from "../support/metrics.ts";
import { until } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";
import { kinds } from "../workloads/calls.ts";

const TOKEN = "only-for-this-test/0123456789";

/** A port that nothing uses at the moment. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function scrapeWith(url: URL, token: string): Promise<Scrape> {
  return parseMetrics(await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text());
}

/** A running prometheus that scrapes one address every 200 ms. */
class Prometheus implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #port: number;

  private constructor(process: Deno.ChildProcess, port: number) {
    this.#process = process;
    this.#port = port;
  }

  static async start(directory: string, target: string, tokenFile: string): Promise<Prometheus> {
    const config = {
      global: { scrape_interval: "200ms", scrape_timeout: "200ms" },
      scrape_configs: [{
        job_name: "ktop",
        authorization: { credentials_file: tokenFile },
        static_configs: [{ targets: [target] }],
      }],
    };
    const file = `${directory}/prometheus.yml`;
    // JSON is YAML.
    await Deno.writeTextFile(file, JSON.stringify(config));
    const port = freePort();
    const process = new Deno.Command("prometheus", {
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${directory}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--log.level=error",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    const prometheus = new Prometheus(process, port);
    await until(
      "prometheus",
      () => prometheus.#get("-/ready").catch(() => ""),
      (text) => /ready/i.test(text),
    );
    return prometheus;
  }

  /** The value of the only series that a query selects; null: it selects none. */
  async query(query: string): Promise<number | null> {
    const { status, data } = JSON.parse(await this.#get(`api/v1/query?query=${encodeURIComponent(query)}`));
    assert.equal(status, "success", query);
    assert.ok(data.result.length <= 1, query);
    return data.result.length === 0 ? null : Number(data.result[0].value[1]);
  }

  /** Throws if a query is wrong. */
  async check(query: string): Promise<void> {
    const { status, error } = JSON.parse(await this.#get(`api/v1/query?query=${encodeURIComponent(query)}`));
    assert.equal(status, "success", `${query}: ${error}`);
  }

  /** Type, help and unit of a metric as prometheus has read them. */
  async metadata(metric: string): Promise<unknown> {
    return JSON.parse(await this.#get(`api/v1/targets/metadata?metric=${metric}`)).data[0];
  }

  async #get(path: string): Promise<string> {
    return await (await fetch(`http://127.0.0.1:${this.#port}/${path}`)).text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#process.status;
  }
}

Deno.test("queries of prometheus answer with the workload's numbers, also after a restart of ktop", async () => {
  await using dir = await TemporaryDirectory.make();
  const token = `${dir.path}/token`;
  await Deno.writeTextFile(token, `${TOKEN}\n`, { mode: 0o600 });
  const port = freePort();
  const address = `127.0.0.1:${port}`;
  await using prometheus = await Prometheus.start(dir.path, address, token);
  const up = (expected: number) =>
    until(`up ${expected}`, () => prometheus.query("up"), (value) => value === expected);
  for (const run of [1, 2]) {
    const work = await Workload.start("calls");
    const options = [
      "--tools",
      "vfsstat,runqlat",
      "-i",
      "0.1",
      "-p",
      String(work.pid),
      "--token-file",
      token,
    ];
    await using ktop = await ServingKtop.start(options, address);
    await up(1);
    // Prometheus has seen the zeros before the workload starts.
    await until("zero", () => prometheus.query("ktop_vfsstat_read_total"), (value) => value === 0);
    await work.run();
    const counted = () => prometheus.query("ktop_vfsstat_rmdir_total");
    await until("the last call", counted, (value) => value === kinds.rmdir);
    for (const [kind, calls] of Object.entries(kinds)) {
      const metric = `ktop_vfsstat_${kind}_total`;
      assert.equal(await prometheus.query(metric), calls, metric);
      // The restart of ktop is one reset, and the calls of both runs are there.
      assert.equal(await prometheus.query(`resets(${metric}[1h])`), run - 1, metric);
      const high = `max_over_time(${metric}[1h])`;
      assert.equal(await prometheus.query(high), calls, high);
    }
    assert.equal(await prometheus.query('ktop_tool_up{tool="vfsstat"}'), 1);
    const { help, ...metadata } = await prometheus.metadata("ktop_vfsstat_read") as Record<string, unknown>;
    assert.equal(metadata.type, "counter");
    assert.equal(help, "Calls of vfs_read: read and pread.");
    const waits = "ktop_runqlat_seconds_count";
    assert.equal(await prometheus.query(waits), (await scrapeWith(ktop.url, TOKEN)).get(waits));
    assert.equal(
      await prometheus.query(
        'ktop_runqlat_seconds_bucket{le="+Inf"} - ignoring(le) ktop_runqlat_seconds_count',
      ),
      0,
    );
    const { code, stderr } = await ktop.end();
    assert.equal(code, 0, stderr);
    await up(0);
  }
});

const SCRIPTS = join(import.meta.dirname!, "../../scripts");

/** The names of all series, of each tool with every switch off and on. */
function knownSeries(): ReadonlySet<string> {
  const health = ["ktop_build_info", "ktop_tool_up", "ktop_lost_events_total", "ktop_lost_keys_total"];
  const probes = ["ktop_lost_runs_total", "ktop_probe_run_seconds_total", "ktop_probe_runs_total"];
  const tools = TOOLS.flatMap((tool) => {
    const switches = flagsOf(tool).filter(({ kind }) => kind === "switch").map(({ name }) => [name, true]);
    return [{}, Object.fromEntries(switches)].flatMap((flags) => {
      const { counters = [], histograms = [] } = metricsOf(tool, { filters: { self: false }, flags }) ?? {};
      return [
        ...counters.map(({ name }) => `${name}_total`),
        ...histograms.flatMap(({ name }) => ["bucket", "sum", "count"].map((suffix) => `${name}_${suffix}`)),
      ];
    });
  });
  return new Set([...health, ...probes, ...tools]);
}

/** Fails for a series that ktop does not have. */
function assertKnown(text: string): void {
  const names = new Set(text.match(/(?<![:\w])ktop_\w+/g));
  const known = knownSeries();
  assert.ok(names.size > 4);
  assert.deepEqual([...names].filter((name) => !known.has(name)), []);
}

Deno.test("promtool accepts the example of a configuration and the rules, which do what their tests say", async () => {
  for (const args of [["check", "config", "prometheus.yml"], ["test", "rules", "rules_test.yml"]]) {
    const { code, stdout, stderr } = await new Deno.Command("promtool", {
      args,
      cwd: join(SCRIPTS, "prometheus"),
    }).output();
    const decoder = new TextDecoder();
    assert.equal(code, 0, decoder.decode(stdout) + decoder.decode(stderr));
  }
  const rules = await Deno.readTextFile(join(SCRIPTS, "prometheus/rules.yml"));
  assertKnown(rules.split("\n").filter((line) => line.includes("expr:")).join("\n"));
});

Deno.test("prometheus accepts the queries of the dashboard, and ktop has the metrics", async () => {
  await using dir = await TemporaryDirectory.make();
  await using prometheus = await Prometheus.start(dir.path, "127.0.0.1:1", `${dir.path}/none`);
  const text = await Deno.readTextFile(join(SCRIPTS, "grafana/ktop.json"));
  const { panels } = JSON.parse(text) as { panels: { targets: { expr: string }[] }[] };
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  for (const query of queries) {
    await prometheus.check(query.replaceAll("$__rate_interval", "1m").replaceAll("$instance", ".*"));
  }
  assertKnown(queries.join("\n"));
});
