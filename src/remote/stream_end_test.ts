import assert from "node:assert/strict";
import { bytes, FakeConnection, open, until } from "../../tests/support/host_streams.ts";
import { header, modelOf, recordingText } from "../../tests/support/recordings.ts";
import { KtopError } from "../errors.ts";
import { recordingTick } from "../recording/mod.ts";
import { endFailure } from "./failure.ts";
import { parseHosts } from "./hosts.ts";

Deno.test("copying the executable may take longer than the wait for the first line, as long as it goes on", async () => {
  const connection = new FakeConnection(bytes("ktop-wanted\n"), { stays: true });
  connection.sending = () => new Promise(() => {});
  const { stream, timers } = open([connection], { install: "/ktop" });
  const started = stream.start();
  await until(() => connection.sent !== null);
  for (let chunk = 0; chunk < 5; chunk++) {
    timers.pass(900);
    connection.progress();
  }
  await new Promise((resolve) => setTimeout(resolve)); // an aborted attempt would have failed
  assert.equal(stream.status().state, "connecting");
  timers.pass(1000);
  await started;
  assert.equal(stream.status().reason, "it took nothing of the copied ktop for 1 seconds");
});

Deno.test("an executable that cannot be read is named, and the host is not waited for", async () => {
  const connection = new FakeConnection(bytes("ktop-wanted\n"), { stays: true });
  connection.sending = () => Promise.reject(new KtopError("/ktop cannot be read: it is gone."));
  const { stream } = open([connection], { install: "/ktop" });
  await stream.start();
  assert.deepEqual([stream.status().state, stream.status().reason], [
    "failed",
    "/ktop cannot be read: it is gone",
  ]);
  assert.ok(connection.closed);
});

Deno.test("a host whose output stays open after ssh was ended has failed in time", async () => {
  const connection = new FakeConnection([], { stays: true });
  connection.close = () => connection.closed = true; // another process holds the pipe
  const { stream, timers } = open([connection]);
  const started = stream.start();
  timers.pass(1000);
  await started;
  assert.equal(stream.status().state, "failed");
  assert.ok(connection.closed);
});

Deno.test("warnings before the first line are not why a connection was lost", async () => {
  const connection = new FakeConnection(bytes(recordingText(1)), {
    errors: "Warning: added web to known_hosts\n",
  });
  const { stream } = open([connection]);
  await stream.start();
  await until(() => stream.status().state === "lost");
  assert.equal(stream.status().reason, "ssh failed");
  stream.close();
});

Deno.test("a connection that ends before its first tick is lost, one that sent all that was requested is not", async () => {
  const { stream: early } = open([new FakeConnection(bytes(header()))]);
  await early.start();
  await until(() => early.status().state === "lost");
  assert.equal(early.status().lostConnections, 1);
  early.close();
  const { stream } = open([new FakeConnection(bytes(recordingText(2)), { code: 0 })], {
    limit: { ticks: 2 },
  });
  await stream.start();
  await stream.done;
  assert.deepEqual([stream.status().state, stream.status().lostConnections], ["ended", 0]);
});

Deno.test("a run of limited length is not longer because of a lost connection", async () => {
  const connections = [
    new FakeConnection(bytes(recordingText(2))),
    new FakeConnection(bytes(recordingText(3)), { code: 0 }),
  ];
  const { stream, timers, requests } = open(connections, { limit: { ticks: 5, seconds: 60 } });
  await stream.start();
  await until(() => stream.status().state === "lost");
  timers.pass(1000);
  await stream.done;
  assert.deepEqual(requests.map(({ limit }) => limit), [{ ticks: 5, seconds: 60 }, {
    ticks: 3,
    seconds: 59,
  }]);
  assert.deepEqual([stream.status().state, stream.waiting], ["ended", 5]);
});

Deno.test("a host that stalls, or stays lost, does not prolong a run of limited length", async () => {
  const { stream, timers } = open([new FakeConnection(bytes(recordingText(2)), { stays: true })], {
    limit: { ticks: 5 },
  });
  await stream.start();
  await until(() => stream.waiting === 2);
  timers.pass(12_900);
  assert.equal(stream.status().state, "stalled");
  timers.pass(100);
  await stream.done;
  assert.deepEqual([stream.status().state, stream.status().reason], [
    "failed",
    "it did not send all intervals in time",
  ]);
  const lost = open([new FakeConnection(bytes(recordingText(2)))], { limit: { seconds: 1 } });
  await lost.stream.start();
  await lost.stream.done;
  assert.deepEqual([lost.stream.status().state, lost.stream.status().reason], ["failed", "ssh failed"]);
});

Deno.test("the flags of a tick are not kept: they do not change on a host, and their number is not bounded", async () => {
  const flagged = recordingTick(modelOf(1), 1).replace('"tool":', '"flags":{"x":"y"},"tool":');
  assert.match(flagged, /"flags":/);
  const { stream } = open([new FakeConnection(bytes(header() + flagged), { stays: true })]);
  await stream.start();
  await until(() => stream.waiting === 1);
  assert.equal(stream.take()!.flags.size, 0);
  stream.close();
});

Deno.test("the remedy of a refused login fits: several hosts, or one that reconnects", async () => {
  const errors = "web: Permission denied (publickey,password).\n";
  const { stream, timers } = open([
    new FakeConnection(bytes(recordingText(1))),
    new FakeConnection([], { errors }),
  ]);
  await stream.start();
  await until(() => stream.status().state === "lost");
  timers.pass(1000);
  await stream.done;
  assert.match(stream.failure!.remedy, /^When ktop reconnects, ssh asks for nothing: /);
});

Deno.test("the key of a host with a port is checked with the options of ssh", () => {
  const [host] = parseHosts(["@root@web1:2222"]);
  const end = { code: 255, errors: "Host key verification failed.\r\n" };
  const { remedy } = endFailure(end, host!, { started: false, prompts: "several hosts" });
  assert.equal(remedy, "Run ssh -p 2222 root@web1 to check and accept its key.");
});
