import assert from "node:assert/strict";
import type { HostStatus, Model } from "../model/mod.ts";
import { header, modelOf, textSource, TOOLS } from "../../tests/support/recordings.ts";
import { type RecordedTick, type RecordingHeader, RecordingReader, recordingTick } from "../recording/mod.ts";
import { Fleet, type FleetOptions, type HostSource } from "./fleet.ts";

/** The header and this many ticks of the recorded test machine. */
async function recorded(ticks: number): Promise<{ header: RecordingHeader; ticks: RecordedTick[] }> {
  const lines = Array.from({ length: ticks }, (_, i) => recordingTick(modelOf(i + 1), i + 1));
  const reader = await RecordingReader.open(textSource(header() + lines.join("")), TOOLS);
  const all = [];
  for await (const { tick } of reader.ticks()) all.push(tick);
  return { header: reader.header, ticks: all };
}

/** A host whose ticks arrive when the test says so. */
class FakeHost implements HostSource {
  readonly host: { readonly name: string };
  header: RecordingHeader | null = null;
  readonly queue: RecordedTick[] = [];
  state: HostStatus["state"] = "running";
  closed = false;

  constructor(name: string) {
    this.host = { name };
  }
  get waiting(): number {
    return this.queue.length;
  }
  take(): RecordedTick | null {
    return this.queue.shift() ?? null;
  }
  status(): HostStatus {
    return {
      name: this.host.name,
      state: this.state,
      reason: this.state === "lost" ? "it is gone" : "",
      ageS: 0,
      retryS: this.state === "lost" ? 4 : null,
      bytesPerS: 2048,
      droppedTicks: 0,
      lostConnections: 0,
    };
  }
  close(): void {
    this.closed = true;
  }
}

/** Timers of which only the wait for other hosts fires, when the test says so. */
class WaitTimers {
  #calls = new Map<number, { readonly call: () => void; readonly delay: number }>();
  #next = 1;
  now = (): number => 0;
  set(call: () => void, delay: number): number {
    this.#calls.set(this.#next, { call, delay });
    return this.#next++;
  }
  clear(id: number): void {
    this.#calls.delete(id);
  }
  /** Fires the newest, which is the wait for other hosts. */
  fire(): void {
    const id = Math.max(...this.#calls.keys());
    const { call } = this.#calls.get(id)!;
    this.#calls.delete(id);
    call();
  }
}

const { header: HEADER, ticks: TICKS } = await recorded(9);

function start(names: readonly string[], more: Partial<FleetOptions> = {}) {
  const hosts = names.map((name) => new FakeHost(name));
  const timers = new WaitTimers();
  const shown: Model[] = [];
  let time = 1000;
  const fleet = new Fleet(hosts, {
    tools: TOOLS.map((tool) => ({ tool, flags: {} })),
    intervalS: 1,
    restrictions: {},
    maxMemory: 64,
    toolsWereNamed: true,
    timers,
    now: () => time += 1000,
    onInterval: (model) => {
      shown.push(model);
      return Promise.resolve();
    },
    ...more,
  });
  /** A tick of a host arrives. */
  const arrive = (index: number, tick: RecordedTick): void => {
    const host = hosts[index]!;
    host.header = HEADER;
    host.queue.push(tick);
    fleet.changed(host);
  };
  /** Lets everything that can be shown without waiting be shown. */
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { fleet, hosts, timers, shown, arrive, settle };
}

const rowsOf = (model: Model, tool: string) =>
  model.tools.find((one) => one.tool.name === tool)!.tick!.rows.map(({ host, read }) => [host, read]);

Deno.test("ticks of all hosts are shown together once each has sent one", async () => {
  const { shown, arrive, settle, fleet } = start(["a", "b"]);
  arrive(0, TICKS[0]!);
  await settle();
  assert.equal(shown.length, 0);
  arrive(1, TICKS[1]!);
  await settle();
  assert.equal(shown.length, 1);
  assert.deepEqual(rowsOf(shown[0]!, "calls"), [["a", 10], ["b", 20]]);
  const { host, kernel } = fleet.model().host;
  assert.deepEqual([host, kernel], ["2 hosts", "6.1"]);
  assert.deepEqual(fleet.model().tools.map(({ tool }) => tool.name), ["files", "calls", "waits", "hosts"]);
  fleet.close();
});

Deno.test("a host that is late is waited for once, and does not hold up the others afterwards", async () => {
  const { shown, arrive, settle, timers, fleet } = start(["a", "b", "c"]);
  arrive(0, TICKS[0]!);
  arrive(1, TICKS[0]!);
  await settle();
  assert.equal(shown.length, 0);
  timers.fire();
  await settle();
  assert.deepEqual(rowsOf(shown[0]!, "calls"), [["a", 10], ["b", 10]]);
  arrive(0, TICKS[1]!);
  arrive(1, TICKS[1]!);
  await settle();
  assert.deepEqual(rowsOf(shown[1]!, "calls"), [["a", 20], ["b", 20]]);
  arrive(2, TICKS[0]!);
  arrive(0, TICKS[2]!);
  arrive(1, TICKS[2]!);
  await settle();
  assert.deepEqual(rowsOf(shown[2]!, "calls"), [["a", 30], ["b", 30], ["c", 10]]);
  fleet.close();
});

Deno.test("the ticks of a backlog are shown one by one before the newest, none twice", async () => {
  const { shown, arrive, settle, hosts, fleet } = start(["a", "b"]);
  hosts[1]!.queue.push(...TICKS.slice(0, 4));
  arrive(1, TICKS[4]!);
  arrive(0, TICKS[0]!);
  await settle();
  assert.deepEqual(shown.map((model) => rowsOf(model, "calls")), [
    [["b", 10]],
    [["b", 20]],
    [["b", 30]],
    [["a", 10], ["b", 40]],
  ]);
  assert.equal(fleet.model().snapshots.length, 4);
  fleet.close();
});

Deno.test("an interval of another length is shown alone, because rates are divided by it", async () => {
  const { shown, arrive, settle, fleet } = start(["a", "b"]);
  const [first] = TICKS;
  const toolTicks = new Map([...first!.toolTicks].map(([name, tick]) => [name, { ...tick, intervalS: 10 }]));
  arrive(0, { ...first!, toolTicks });
  arrive(1, TICKS[1]!);
  await settle();
  assert.deepEqual(shown.map((model) => rowsOf(model, "calls")), [[["a", 10]], [["b", 20]]]);
  assert.equal(shown[0]!.tools[1]!.tick!.intervalS, 10);
  fleet.close();
});

Deno.test("a lost host is not waited for, and is named once", async () => {
  const { shown, arrive, settle, hosts, fleet } = start(["a", "b"]);
  arrive(0, TICKS[0]!);
  arrive(1, TICKS[0]!);
  await settle();
  hosts[1]!.state = "lost";
  fleet.changed(hosts[1]!);
  const { notice } = fleet.model();
  assert.deepEqual(notice, { text: "b: it is gone; reconnecting in 4 s", kind: "error" });
  arrive(0, TICKS[1]!);
  await settle();
  assert.deepEqual(rowsOf(shown.at(-1)!, "calls"), [["a", 20]]);
  const pane = fleet.model().tools.at(-1)!;
  assert.deepEqual(pane.tick!.rows.map(({ host, state, message }) => [host, state, message]), [
    ["a", "running", ""],
    ["b", "lost", "it is gone; reconnecting in 4 s"],
  ]);
  assert.equal(fleet.model().notice, notice);
  fleet.close();
});

Deno.test("each host has separate panes, with what only it counted", async () => {
  const { arrive, settle, fleet } = start(["a", "b"]);
  for (let i = 0; i < 3; i++) {
    arrive(0, TICKS[i]!);
    arrive(1, TICKS[i + 1]!);
    await settle();
  }
  fleet.perform({ kind: "setTools", names: ["calls@b", "calls@a", "none"] });
  const { tools } = fleet.model();
  assert.deepEqual(tools.map(({ tool }) => tool.name), ["calls@b", "calls@a", "hosts"]);
  assert.equal(tools[0]!.tool.view, "counters");
  assert.deepEqual(tools.map(({ tick }) => tick!.rows[0]!["read"]).slice(0, 2), [40, 30]);
  assert.deepEqual([tools[0]!.pastTicks.length, tools[0]!.pastTicks.at(0)!.tick.rows[0]!["read"]], [3, 20]);
  fleet.close();
});

Deno.test("one host is shown as it recorded itself, by its own clock", async () => {
  const { arrive, settle, fleet } = start(["a"]);
  arrive(0, TICKS[0]!);
  arrive(0, TICKS[1]!);
  await settle();
  const model = fleet.model();
  assert.deepEqual([model.host.host, model.time], ["vm", TICKS[1]!.time]);
  assert.deepEqual(model.tools.map(({ tool }) => tool.name), ["files", "calls", "waits"]);
  assert.deepEqual([model.snapshots.length, model.tools[1]!.tick!.rows], [2, [{ read: 20 }]]);
  fleet.close();
});

Deno.test("the history can be cleared, panes narrowed, and hosts closed", async () => {
  const { arrive, settle, fleet, hosts } = start(["a"]);
  arrive(0, TICKS[0]!);
  await settle();
  fleet.perform({ kind: "setPivot", id: 7 });
  assert.deepEqual(fleet.model().pivot, { pid: 7, comm: "", state: "narrowed" });
  fleet.perform({ kind: "clear" });
  assert.equal(fleet.model().snapshots.length, 0);
  fleet.close();
  assert.ok(hosts[0]!.closed);
});

Deno.test("default tools that run on no host are hidden, named ones show why", async () => {
  for (const named of [false, true]) {
    const { arrive, settle, fleet } = start(["a", "b"], { toolsWereNamed: named });
    const state = { kind: "unavailable", reason: "No kprobes.", remedy: "" } as const;
    const failing = { ...TICKS[0]!, failed: new Map([["calls", state]]) };
    arrive(0, failing);
    arrive(1, failing);
    await settle();
    const names = fleet.model().tools.map(({ tool }) => tool.name);
    assert.deepEqual(names, named ? ["files", "calls", "waits", "hosts"] : ["files", "waits", "hosts"]);
    fleet.close();
  }
});

Deno.test("one tool of another length is enough for an interval to be shown alone", async () => {
  const { shown, arrive, settle, fleet } = start(["a", "b"]);
  const [first] = TICKS;
  const [, second] = [...first!.toolTicks];
  const toolTicks = new Map(first!.toolTicks).set(second![0], { ...second![1], intervalS: 1e9 });
  arrive(0, { ...first!, toolTicks });
  arrive(1, TICKS[1]!);
  await settle();
  assert.deepEqual(shown.map((model) => rowsOf(model, "calls")), [[["a", 10]], [["b", 20]]]);
  assert.equal(shown[1]!.tools[1]!.tick!.intervalS, TICKS[1]!.toolTicks.get("calls")!.intervalS);
  fleet.close();
});

Deno.test("a host that sends faster than it is shown does not keep the others waiting", async () => {
  const shown: Model[] = [];
  const { arrive, settle, hosts, fleet } = start(["a", "b"], {
    onInterval: (model) => {
      shown.push(model);
      if (shown.length < 50) hosts[0]!.queue.push(TICKS[0]!);
      return Promise.resolve();
    },
  });
  arrive(1, TICKS[1]!);
  hosts[0]!.queue.push(TICKS[0]!, TICKS[0]!, TICKS[0]!);
  arrive(0, TICKS[0]!);
  for (let turns = 0; turns < 100; turns++) await settle();
  const first = shown.findIndex((model) => rowsOf(model, "calls").some(([host]) => host === "b"));
  assert.equal(first, 2);
  fleet.close();
});

Deno.test("an error while an interval is shown is reported, and closes the hosts", async () => {
  const { arrive, hosts, fleet } = start(["a"], { onInterval: () => Promise.reject(new Error("full")) });
  arrive(0, TICKS[0]!);
  await assert.rejects(fleet.failed, /full/);
  assert.ok(hosts[0]!.closed);
});

Deno.test("a closed monitor settles once what is being printed has been, and takes no more", async () => {
  const printed = Promise.withResolvers<void>();
  const { arrive, hosts, fleet } = start(["a"], { onTick: () => printed.promise });
  hosts[0]!.queue.push(...TICKS.slice(1, 4));
  arrive(0, TICKS[0]!);
  fleet.close();
  let isSettled = false;
  const settled = fleet.settled().then(() => isSettled = true);
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  assert.equal(isSettled, false);
  printed.resolve();
  await settled;
  assert.equal(hosts[0]!.waiting, 3);
});

Deno.test("a tool that had failed on a host runs again once it has reconnected", async () => {
  const { arrive, settle, hosts, fleet } = start(["a"]);
  const state = { kind: "unavailable", reason: "It has failed.", remedy: "" } as const;
  arrive(0, { ...TICKS[0]!, failed: new Map([["calls", state]]) });
  await settle();
  const stateOf = () => fleet.model().tools.find(({ tool }) => tool.name === "calls")!.state.kind;
  assert.equal(stateOf(), "unavailable");
  hosts[0]!.header = { ...HEADER };
  fleet.changed(hosts[0]!);
  assert.equal(stateOf(), "running");
  fleet.close();
});
