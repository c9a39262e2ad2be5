/**
 * The screen of three hosts, through sshd on the loopback interface. Their ktop is a script that records known rows.
 *
 * @module
 */
import { quoted } from "../support/shell.ts";
import { parentOf, SshHosts } from "../support/ssh_hosts.ts";
import { isAlive, type Tmux, until } from "../support/tmux.ts";
import { KTOP, Session } from "./session.ts";

/** Records until its reader has gone: the file, the reads and the calls of an interval name its number. */
const RECORDER = String.raw`
now() { date -u +%Y-%m-%dT%H:%M:%S.000Z; }
tools='{"tool":"filetop","tier":"fentry","missing":[],"flags":{},"view":"table"},{"tool":"vfsstat","tier":"fentry","missing":[],"flags":{},"view":"counters"}'
printf '{"format":"ktop-recording","v":1,"ktop":"0.1.0","host":"%s","kernel":"6.1.0","started":"%s","interval_s":0.5,"filters":{},"tools":[%s]}\n' $HOST "$(now)" "$tools"
number=0
while sleep 0.5; do
  number=$((number + 1))
  tick='"tier":"fentry","interval_s":0.5,"lost":{"events":0,"keys":0}'
  printf '{"tool":"filetop","time":"%s",%s,"rows":[{"tid":7,"pid":7,"comm":"work","reads":%d,"writes":0,"read_bytes":0,"write_bytes":0,"type":"R","file":"%s-%d","dev":"8:1","inode":9}]}\n' "$(now)" "$tick" $number $HOST $number || exit
  printf '{"tool":"vfsstat","time":"%s",%s,"rows":[{"read":%d,"write":0,"fsync":0,"open":0,"create":0,"unlink":0,"mkdir":0,"rmdir":0}]}\n' "$(now)" "$tick" $number || exit
  printf '{"tick":%d,"time":"%s","load":[1,1,1],"tasks":{"running":1,"total":9},"uptime_s":60,"self":{"cpu_ms_per_s":1,"rss_bytes":1000000}}\n' $number "$(now)" || exit
done`;

const KTOP_OF_HOST = `sh -c ${quoted(RECORDER)} ktop`;

function start(
  hosts: SshHosts,
  options: string,
  size?: readonly [width: number, height: number],
): Promise<Session> {
  return Session.start(
    `KTOP_SSH=${quoted(hosts.ssh)}; export KTOP_SSH; ${KTOP} ${options} -i 0.5 --panes filetop,vfsstat`,
    size ? { size } : {},
  );
}

/** The reads in the row of a host; 0 if it has none. */
async function newest(tmux: Tmux, host: string): Promise<number> {
  return Number(new RegExp(`${host} +work +(\\d+)`).exec(await tmux.screen())?.[1] ?? 0);
}

/** Waits until the numbers of a host have gone on. */
async function goesOn(tmux: Tmux, host: string): Promise<void> {
  const before = await newest(tmux, host);
  await until(`a later tick of ${host}`, () => newest(tmux, host), (number) => number > before);
}

const row = (host: string, state: string): RegExp => new RegExp(`│ ${host} +${state} `);

Deno.test("three hosts share a screen; one that stalls or is lost does not hold up the others", async () => {
  await using hosts = await SshHosts.start(["web-a", "web-b", "web-c"], KTOP_OF_HOST);
  await using session = await start(hosts, "@web-a @web-b @web-c");
  const { tmux } = session;
  for (const host of ["web-a", "web-b", "web-c"]) await tmux.shows(row(host, "running"));
  await tmux.shows(/ ktop {2}3 hosts [^\n]* ssh +[\d.]+K?\/s/);
  for (const host of ["web-a", "web-b", "web-c"]) await goesOn(tmux, host);

  const stopped = await hosts.ktopOf("web-b");
  Deno.kill(stopped, "SIGSTOP");
  await tmux.shows(/web-b STALLED/);
  await tmux.shows(row("web-b", "stalled"));
  await goesOn(tmux, "web-a");
  await goesOn(tmux, "web-c");
  Deno.kill(stopped, "SIGCONT");
  await tmux.shows(row("web-b", "running"));
  await goesOn(tmux, "web-b");

  Deno.kill(parentOf(await hosts.ktopOf("web-c")), "SIGKILL");
  await tmux.shows(/web-c LOST/);
  await goesOn(tmux, "web-a");
  await hosts.ktopOf("web-c", 2);
  await tmux.shows(row("web-c", "running"));
  await goesOn(tmux, "web-c");

  await tmux.keys("q");
  await session.assertRestored();
  for (const host of ["web-a", "web-b", "web-c"]) {
    for (const pid of await hosts.started(host)) {
      await until(`the end of ${pid} on ${host}`, () => Promise.resolve(isAlive(pid)), (alive) => !alive);
    }
  }
});

Deno.test("H shows one pane for each host and all together again, b groups by host, p keeps one host", async () => {
  await using hosts = await SshHosts.start(["web-a", "web-b"], KTOP_OF_HOST);
  await using session = await start(hosts, "@web-a @web-b --by host");
  const { tmux } = session;
  await tmux.shows(/1 filetop ─ by HOST[^]*▸ +1 [^\n]* web-a/);
  await tmux.keys("Escape");
  await tmux.shows(/│ HOST +COMM[^]*│ web-b +work +\d/);
  await tmux.keys("H");
  await tmux.shows(/1 filetop@web-a ─[^]*2 filetop@web-b ─[^]*│ work +\d+ [^\n]*│ work +\d+ [^]*3 hosts ─/);
  await tmux.keys("H");
  await tmux.shows(/1 filetop ─[^]*2 vfsstat ─[^]*3 hosts ─/);
  await tmux.keys("p");
  await tmux.shows(/HOST=web-[ab]|web-[ab] +.*pid 7/);
  await tmux.keys("q");
  await session.assertRestored();
});

Deno.test("one host has the usual screen, with its name and what is wrong with it", async () => {
  await using hosts = await SshHosts.start(["web-a"], KTOP_OF_HOST);
  for (const size of [[80, 24], [40, 12]] as const) {
    const before = (await hosts.started("web-a")).length;
    await using session = await start(hosts, "@web-a", size);
    const { tmux } = session;
    await tmux.shows(/ ktop {2}web-a /);
    await tmux.shows(/work +\d+ /);
    await tmux.keys("Space");
    await tmux.shows(/PAUSED/);
    await tmux.keys("Space");
    Deno.kill(parentOf(await hosts.ktopOf("web-a", before + 1)), "SIGKILL");
    await tmux.shows(/ LOST/);
    await hosts.ktopOf("web-a", before + 2);
    await until("no banner", () => tmux.screen(), (text) => !text.includes(" LOST"));
    await tmux.keys("q");
    await session.assertRestored();
  }
});
