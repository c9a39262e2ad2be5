import assert from "node:assert/strict";
import { bytes, encoder, FakeConnection, open, until } from "../../tests/support/host_streams.ts";
import { header, modelOf, recordingText } from "../../tests/support/recordings.ts";
import { recordingTick } from "../recording/mod.ts";

Deno.test("ticks of a host wait in order", async () => {
  const { stream } = open([new FakeConnection(bytes(recordingText(3)), { stays: true })]);
  await stream.start();
  await until(() => stream.waiting === 3);
  assert.equal(stream.header?.host, "vm");
  assert.deepEqual([1, 2, 3].map(() => stream.take()?.toolTicks.get("calls")?.rows[0]?.["read"]), [
    10,
    20,
    30,
  ]);
  assert.equal(stream.status().state, "running");
  stream.close();
});

Deno.test("a host that sends nothing for some intervals is stalled, and its age is known", async () => {
  const { stream, timers } = open([new FakeConnection(bytes(recordingText(1)), { stays: true })]);
  await stream.start();
  await until(() => stream.waiting === 1);
  timers.pass(2400);
  assert.equal(stream.status().state, "running");
  timers.pass(200);
  assert.deepEqual([stream.status().state, stream.status().ageS], ["stalled", 2.6]);
  stream.close();
});

Deno.test("a lost host is reconnected with growing pauses, without asking, and in the end not retried", async () => {
  const lost = () =>
    new FakeConnection([], { errors: "ssh: connect to host web port 22: Connection refused\r\n" });
  const connections = [
    new FakeConnection(bytes(recordingText(1)), { errors: "closed" }),
    ...Array.from({ length: 10 }, lost),
  ];
  const { stream, timers, requests } = open(connections);
  await stream.start();
  const pauses: number[] = [];
  while (stream.status().state !== "failed") {
    await until(() => stream.status().retryS !== null || stream.status().state === "failed");
    const { retryS } = stream.status();
    if (retryS === null) break;
    pauses.push(retryS);
    timers.pass(retryS * 1000);
    await until(() => stream.status().retryS !== retryS);
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 30, 60, 60, 60, 60]);
  assert.deepEqual(requests.map(({ mayPrompt }) => mayPrompt), [true, ...new Array(10).fill(false)]);
  assert.equal(stream.status().reason, "connect to host web port 22: Connection refused");
  assert.equal(stream.status().lostConnections, 1);
  await stream.done;
});

Deno.test("a lost host that comes back runs again", async () => {
  const { stream, timers } = open([
    new FakeConnection(bytes(recordingText(1))),
    new FakeConnection(bytes(recordingText(2)), { stays: true }),
  ]);
  await stream.start();
  await until(() => stream.status().state === "lost");
  timers.pass(1000);
  await until(() => stream.waiting === 3);
  assert.equal(stream.status().state, "running");
  stream.close();
});

Deno.test("a host that cannot be reached at the start is not retried", async () => {
  const errors = "banner\nroot@web: Permission denied (publickey).\n";
  const { stream } = open([new FakeConnection([], { errors })], { mayPrompt: false });
  await stream.start();
  assert.equal(stream.status().state, "failed");
  assert.deepEqual(stream.failure, {
    reason: "root@web: Permission denied (publickey)",
    remedy: "With several hosts ssh asks for nothing: load the key into ssh-agent.",
    isPermanent: true,
  });
});

Deno.test("what ends before the first line is explained", async () => {
  const cases: readonly [code: number, errors: string, reason: RegExp, remedy: RegExp][] = [
    [81, "", /^ktop is not installed there$/, /--install/],
    [1, "sudo: a password is required\n", /^sudo asks for a password there$/, /ktop @root@web/],
    [3, "ktop: Needs root, or CAP_BPF and CAP_PERFMON.\n", /^Needs root, or CAP_BPF/, /^$/],
    [2, "ktop: unknown option '--rows=1000'\n", /unknown option/, /--install/],
    [82, "", /its processor differs/, /its processor/],
    [83, "", /damaged/, /^$/],
    [9, "", /ended there with exit code 9, without a message/, /^$/],
    [7, "\x1b[2J\x1b]0;x\x07evil", /^\\x1b\[2J\\x1b\]0;x\\aevil$/, /^$/],
  ];
  for (const [code, errors, reason, remedy] of cases) {
    const { stream } = open([new FakeConnection([], { code, errors })]);
    await stream.start();
    assert.match(stream.failure!.reason, reason);
    assert.match(stream.failure!.remedy, remedy);
    assert.equal(stream.status().state, "failed");
  }
});

Deno.test("what is no recording is refused, shown escaped and shortened", async () => {
  const cases: readonly [sent: Iterable<Uint8Array>, reason: RegExp][] = [
    [bytes("\x1b[31mhello\n"), /^it sent something else than ktop does: \\x1b\[31mhello\\n$/],
    [bytes(`${JSON.stringify({ format: "ktop-recording", v: 2, ktop: "9" })}\n`), /newer ktop: version 2/],
    [bytes(header() + '{"tool":7}\n'.repeat(3) + "garbage\n"), /not a JSON object/],
  ];
  for (const [sent, reason] of cases) {
    const { stream } = open([new FakeConnection(sent, { stays: true })]);
    await stream.start();
    await until(() => stream.status().state === "failed");
    assert.match(stream.failure!.reason, reason);
  }
});

/** Chunks without an end; `read` counts them. */
function* endless(chunk: Uint8Array, start = ""): Generator<Uint8Array> {
  if (start !== "") yield encoder.encode(start);
  while (true) yield chunk;
}

Deno.test("an endless line, endless empty lines and lines that are no tick are refused", async () => {
  const chunk = (text: string): Uint8Array => encoder.encode(text.repeat(64 * 1024 / text.length));
  const cases: readonly [sent: Iterable<Uint8Array>, reason: RegExp][] = [
    [endless(chunk("x")), /it sent something else than ktop does: x{60}$/],
    [endless(chunk("x"), header()), /longer than 1 MiB/],
    [endless(chunk("\n"), header()), /belongs to no tick: 4 MiB have arrived/],
    [endless(chunk('{"tool":"?"}    '), header()), /longer than|not a JSON object/],
  ];
  for (const [sent, reason] of cases) {
    const { stream } = open([new FakeConnection(sent)]);
    await stream.start();
    await until(() => stream.status().state === "failed");
    assert.match(stream.failure!.reason, reason);
  }
});

Deno.test("a flood of ticks drops the oldest, counts them, and makes the host wait", async () => {
  function* flood(): Generator<Uint8Array> {
    yield encoder.encode(header());
    for (let number = 1;; number++) yield encoder.encode(recordingTick(modelOf(number), number));
  }
  const { stream, timers } = open([new FakeConnection(flood())]);
  await stream.start();
  await until(() => stream.status().droppedTicks === 1);
  assert.equal(stream.waiting, 32);
  for (let more = 2; more < 5; more++) {
    timers.pass(50);
    await until(() => stream.status().droppedTicks === more);
  }
  assert.equal(stream.take()?.toolTicks.get("calls")?.rows[0]?.["read"], 50);
  stream.close();
});

Deno.test("a host that sends nothing has failed", async () => {
  const { stream, timers } = open([new FakeConnection([], { stays: true })]);
  const started = stream.start();
  timers.pass(1000);
  await started;
  assert.equal(stream.status().reason, "it sent nothing for 1 seconds");
});

Deno.test("the executable is sent to a host that wants it, and not to one that has it", async () => {
  for (const [line, sent] of [["ktop-wanted\n", "/ktop"], ["ktop-present\n", null]] as const) {
    const [first, rest] = [line.slice(0, 6), line.slice(6) + recordingText(1)];
    const connection = new FakeConnection(bytes(first, rest), { stays: true });
    const { stream } = open([connection], { install: "/ktop" });
    await stream.start();
    await until(() => stream.waiting === 1);
    assert.equal(connection.sent, sent);
    stream.close();
  }
});

Deno.test("bytes per second are those of the last seconds", async () => {
  const { stream, timers } = open([new FakeConnection(bytes(recordingText(1)), { stays: true })]);
  await stream.start();
  await until(() => stream.waiting === 1);
  timers.pass(1000);
  assert.equal(stream.status().bytesPerS, recordingText(1).length);
  timers.pass(5000);
  assert.equal(stream.status().bytesPerS, 0);
  stream.close();
});
