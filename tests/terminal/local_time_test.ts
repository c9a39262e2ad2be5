/**
 * Local time as date(1) shows it: every kind of TZ, and an /etc/localtime that is not a link into the time zone database.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, type KtopOptions } from "../support/ktop.ts";
import { header, modelOf } from "../support/recordings.ts";
import { recordingTick } from "../../src/recording/mod.ts";

/** In winter, in summer, and around the changes of 2026 in New York and in Berlin. */
const TIMES = [
  "2026-01-15T12:00:00Z",
  "2026-03-08T06:59:59Z",
  "2026-03-08T07:00:00Z",
  "2026-03-29T00:59:59Z",
  "2026-03-29T01:00:00Z",
  "2026-07-15T23:59:59Z",
  "2026-10-25T00:59:59Z",
  "2026-10-25T01:00:00Z",
  "2026-11-01T05:59:59Z",
  "2026-11-01T06:00:00Z",
].map((text) => Date.parse(text));

/** A recording with a tick at each of these times; `zones` replaces the time zones in its header. */
function recording(zones: unknown): string {
  const start = JSON.stringify({ ...JSON.parse(header()), zones });
  return `${start}\n${TIMES.map((time, i) => recordingTick({ ...modelOf(1), time }, i + 1)).join("")}`;
}

async function output(command: Deno.Command): Promise<string> {
  const { code, stdout, stderr } = await command.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Clock time and zone of each tick, as date(1) prints them. */
async function byDate({ through: [command, ...rest] = [], env = {} }: KtopOptions): Promise<string[]> {
  const script = TIMES.map((time) => `date -d @${time / 1000} '+%H:%M:%S %Z'`).join(";");
  const args = [...rest, ...(command === undefined ? [] : ["sh"]), "-c", script];
  return (await output(new Deno.Command(command ?? "sh", { args, env }))).trim().split("\n");
}

/** Clock time and zone of each tick, as ktop prints them. */
async function byKtop(file: string, options: KtopOptions, args: readonly string[] = []): Promise<string[]> {
  const { code, stdout, stderr } = await ktop(["replay", file, "-b", ...args], options);
  assert.equal(code, 0, stderr);
  return [...stdout.matchAll(/^ktop (.*) host /gm)].map(([, time]) => time!);
}

const ZONES = [
  "EST5EDT,M3.2.0,M11.1.0",
  "<-03>3",
  "Europe/Berlin",
  ":America/New_York",
  "Asia/Kathmandu",
  "CET-1CEST,M3.5.0,M10.5.0/3",
  "Nowhere/AtAll",
  "",
];

for (const TZ of ZONES) {
  Deno.test(`text shows the time and the zone that date(1) shows with TZ='${TZ}'`, async () => {
    await using dir = await TemporaryDirectory.make();
    const file = `${dir.path}/recording`;
    await Deno.writeTextFile(file, recording(undefined));
    const options = { env: { TZ } };
    assert.deepEqual(await byKtop(file, options), await byDate(options));
  });
}

Deno.test("text shows the time of an /etc/localtime that is mounted, as in a container", async () => {
  await using dir = await TemporaryDirectory.make();
  const file = `${dir.path}/recording`;
  await Deno.writeTextFile(file, recording(undefined));
  const script = `cp -a /etc "$1/etc" && rm -f "$1/etc/localtime" && touch "$1/etc/localtime" &&
    mount --bind "$1/etc" /etc && mount --bind /usr/share/zoneinfo/Asia/Kathmandu /etc/localtime &&
    shift && unset TZ && exec "$@"`;
  const through = ["unshare", "--mount", "sh", "-c", script, "sh", dir.path];
  const judged = await byDate({ through });
  assert.equal(judged[0], "17:45:00 +0545");
  await Deno.remove(`${dir.path}/etc`, { recursive: true });
  assert.deepEqual(await byKtop(file, { through }), judged);
});

Deno.test("--utc shows UTC in every zone", async () => {
  await using dir = await TemporaryDirectory.make();
  const file = `${dir.path}/recording`;
  await Deno.writeTextFile(file, recording(undefined));
  const utc = TIMES.map((time) => `${new Date(time).toISOString().slice(11, 19)} UTC`);
  assert.deepEqual(await byKtop(file, { env: { TZ: "Asia/Kathmandu" } }, ["--utc"]), utc);
});

Deno.test("replay shows the time of the recorded machine, through its changes to and from summer time", async () => {
  await using dir = await TemporaryDirectory.make();
  const file = `${dir.path}/recording`;
  const zones = [
    { from: "2026-01-01T00:00:00.000Z", name: "EST", utc_offset_s: -18_000 },
    { from: "2026-03-08T07:00:00.000Z", name: "EDT", utc_offset_s: -14_400 },
    { from: "2026-11-01T06:00:00.000Z", name: "EST", utc_offset_s: -18_000 },
  ];
  await Deno.writeTextFile(file, recording(zones));
  const there = await byDate({ env: { TZ: "America/New_York" } });
  assert.deepEqual(await byKtop(file, { env: { TZ: "Asia/Kathmandu" } }), there);
  const utc = TIMES.map((time) => `${new Date(time).toISOString().slice(11, 19)} UTC`);
  assert.deepEqual(await byKtop(file, {}, ["--utc"]), utc);
});
