/**
 * `ktop serve` with sockets that its parent passes, and its messages to the service manager.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop as runKtop, type KtopOptions, lines, RunningKtop } from "../support/ktop.ts";
import { parseMetrics, passing, type Scrape, ServingKtop } from "../support/metrics.ts";
import { killIfAlive, until } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";
import { kinds } from "../workloads/calls.ts";

const TOKEN = "only-for-this-test/0123456789";
/** Ends a run that should have been refused. */
const ONE_TICK = ["-i", "0.1", "--count", "1"];

const callsOf = (scrape: Scrape): Record<string, number | undefined> =>
  Object.fromEntries(Object.keys(kinds).map((kind) => [kind, scrape.get(`ktop_vfsstat_${kind}_total`)]));

/** One scrape of a Unix socket. */
async function scrapeUnix(path: string): Promise<Scrape> {
  using connection = await Deno.connect({ transport: "unix", path });
  await connection.write(new TextEncoder().encode("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  const text = await new Response(connection.readable).text();
  assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
  return parseMetrics(text.slice(text.indexOf("\r\n\r\n") + 4));
}

Deno.test("serve answers on IPv4, IPv6 and Unix sockets that it inherits, with exact counts", async () => {
  await using dir = await TemporaryDirectory.make();
  const path = `${dir.path}/the socket`;
  const work = await Workload.start("calls");
  await using ktop = await ServingKtop.startPassed(["127.0.0.1", "::1", path], [
    ...["--tools", "vfsstat", "-i", "0.1", "-p", String(work.pid)],
  ]);
  const [first, second, third] = ktop.places;
  assert.match(first!, /^http:\/\/127\.0\.0\.1:[1-9]\d*\/metrics$/);
  assert.match(second!, /^http:\/\/\[::1\]:[1-9]\d*\/metrics$/);
  assert.equal(third, `http://localhost/metrics through the socket ${path}`);
  await work.run();
  await until(
    "the end",
    () => ktop.scrape(),
    (now) => (now.get("ktop_vfsstat_rmdir_total") ?? 0) >= kinds.rmdir,
  );
  const byIpv6 = parseMetrics(await (await fetch(second!)).text());
  for (const scrape of [await ktop.scrape(), byIpv6, await scrapeUnix(path)]) {
    assert.deepEqual(callsOf(scrape), { ...kinds });
  }
  const texts = await Promise.all(
    Array.from({ length: 50 }, async () => (await (await fetch(second!)).text()).length),
  );
  assert.ok(texts.every((length) => length > 0));
  assert.equal((await ktop.end()).code, 0);
});

Deno.test("serve wants a token on an inherited address that other machines reach, unless it may be read by everybody", async () => {
  await using dir = await TemporaryDirectory.make();
  const file = `${dir.path}/token`;
  await Deno.writeTextFile(file, `${TOKEN}\n`, { mode: 0o600 });
  const tools = ["--tools", "vfsstat"];
  const refused = await runKtop(["serve", ...tools, ...ONE_TICK], {
    through: passing(["127.0.0.1", "0.0.0.0"]),
  });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /so clients must send a token\. Name a file/);
  const status = async (ktop: ServingKtop, headers: Record<string, string>): Promise<number> => {
    const url = new URL(ktop.url);
    url.hostname = "127.0.0.1";
    const response = await fetch(url, { headers });
    await response.body?.cancel();
    return response.status;
  };
  await using closed = await ServingKtop.startPassed(["0.0.0.0"], [...tools, "--token-file", file]);
  assert.equal(await status(closed, {}), 401);
  assert.equal(await status(closed, { authorization: `Bearer ${TOKEN}` }), 200);
  await using open = await ServingKtop.startPassed(["0.0.0.0"], [...tools, "--insecure"]);
  assert.equal(await status(open, {}), 200);
});

/** Runs ktop with these variables and descriptor 3 as the shell redirects it. LISTEN_PID is its process id. */
const shell = (variables: string, redirection: string): KtopOptions => ({
  through: ["sh", "-c", `export LISTEN_PID=$$ ${variables}; exec "$@" ${redirection}`, "sh"],
});

/** Passes a socket of this type that does not listen. */
const silent = (type: "SOCK_STREAM" | "SOCK_DGRAM"): KtopOptions => ({
  through: [
    ...["perl", "-MSocket", "-e"],
    `$^F = 255; socket(S, AF_INET, ${type}, 0); $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = 1; exec @ARGV`,
  ],
});

Deno.test("serve refuses variables and descriptors that are wrong", async () => {
  const notListening =
    /^ktop: Descriptor 3.* is not a listening TCP or Unix stream socket\. In a socket unit use ListenStream= and Accept=no\.$/m;
  for (
    const [args, options, message] of [
      [
        [],
        shell("LISTEN_FDS=abc", ""),
        /The variable LISTEN_FDS is not a whole number up to 64: "abc"\. Unset/,
      ],
      [[], shell("LISTEN_FDS=1 LISTEN_PID=1x", ""), /The variable LISTEN_PID is not a whole number/],
      [[], shell("LISTEN_FDS=1 LISTEN_FDNAMES=a:b", ""), /LISTEN_FDNAMES has 2 names for 1 descriptor\./],
      [[], shell("LISTEN_FDS=1", "3>&-"), notListening],
      [[], shell("LISTEN_FDS=1 LISTEN_FDNAMES=web.socket", "3</dev/null"), notListening],
      [[], silent("SOCK_STREAM"), notListening],
      [[], silent("SOCK_DGRAM"), notListening],
      [
        ["--listen", "127.0.0.1:0"],
        { through: passing(["127.0.0.1"]) },
        /--listen has no effect beside the sockets/,
      ],
      [["--insecure"], { through: passing(["::1"]) }, /--insecure has no effect on a loopback address/],
    ] as const
  ) {
    const run = await runKtop(["serve", "--tools", "vfsstat", ...ONE_TICK, ...args], options);
    assert.deepEqual([run.code, run.stdout], [2, ""], run.stderr);
    assert.match(run.stderr, message);
  }
});

Deno.test("serve ignores sockets that were passed to another process", async () => {
  const env = { LISTEN_PID: "1", LISTEN_FDS: "1" };
  const ktop = new RunningKtop(["serve", "--tools", "vfsstat", "--listen", "127.0.0.1:0"], { env });
  assert.match(await ktop.line(), /^Metrics are at http:\/\/127\.0\.0\.1:/);
  assert.equal((await ktop.end()).code, 0);
});

/** Prints the datagrams that it receives on a Unix socket. */
const RECEIVE = `
use Socket;
$| = 1;
socket(S, AF_UNIX, SOCK_DGRAM, 0);
bind(S, pack_sockaddr_un($ARGV[0] =~ s/^@/\\0/r)) or die $!;
print "bound\\n";
while (defined recv(S, $_, 4096, 0)) { print "$_\\n" }
`;

for (const where of ["path", "abstract"] as const) {
  Deno.test(`serve and record report start and stop to NOTIFY_SOCKET, ${where}`, async () => {
    await using dir = await TemporaryDirectory.make();
    const name = where === "path" ? `${dir.path}/notify` : `@ktop-test-${Deno.pid}`;
    const receiver = new Deno.Command("perl", { args: ["-e", RECEIVE, name], stdout: "piped" }).spawn();
    const patience = setTimeout(() => receiver.kill("SIGKILL"), 60_000);
    const messages = lines(receiver.stdout);
    const next = async (): Promise<string | undefined> => (await messages.next()).value ?? undefined;
    try {
      assert.equal(await next(), "bound");
      const tools = ["--tools", "vfsstat", "-i", "0.1"];
      for (const args of [["serve", "--listen", "127.0.0.1:0"], ["record", "-"]]) {
        const ktop = new RunningKtop([...args, ...tools], { env: { NOTIFY_SOCKET: name } });
        const ready = await next();
        const { code } = await ktop.end();
        assert.deepEqual([ready, code, await next()], ["READY=1", 0, "STOPPING=1"]);
      }
    } finally {
      clearTimeout(patience);
      killIfAlive(receiver.pid, "SIGKILL");
      await receiver.status;
      await messages.return(undefined);
    }
  });
}
