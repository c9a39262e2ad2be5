import assert from "node:assert/strict";
import { BpfError } from "../errors.ts";
import { ProbeCost, statsFailure, sumMapBytes } from "./probe_cost.ts";
import { deriveProbes, type ProbeCounts } from "./probes.ts";

const counts = (program: string, id: number, runs: bigint, runTimeNs: bigint): ProbeCounts => ({
  tool: "vfsstat",
  program,
  section: "fentry/vfs_read",
  id,
  runs,
  runTimeNs,
  misses: 0n,
});

Deno.test("deriveProbes() returns runs, nanoseconds per run and CPU since the previous sample, most CPU time first", () => {
  const previous = {
    programs: [counts("vfs_read__fentry", 1, 100n, 5000n), counts("sys_enter__tracepoint", 2, 7n, 700n)],
    at: 1000,
  };
  const now = {
    programs: [
      counts("vfs_read__fentry", 1, 300n, 25_000n),
      counts("sys_enter__tracepoint", 2, 1007n, 2_000_700n),
      counts("late_one__kprobe", 3, 10n, 30n),
    ],
    at: 3000,
  };
  const { rows } = deriveProbes(now, previous);
  const shown = rows.map(({ program, tier, events, ns_per_event, cpu_pct }) =>
    [program, tier, events, ns_per_event, cpu_pct] as const
  );
  assert.deepEqual(shown, [
    ["sys_enter", "tracepoint", 1000, 2000, 0.1],
    ["vfs_read", "fentry", 200, 100, 0.001],
    ["late_one", "kprobe", 10, 3, 0.0000015],
  ]);
  assert.equal(rows[1]?.hook, "vfs_read");
});

Deno.test("deriveProbes() returns no time per run for a program that did not run", () => {
  const sample = { programs: [counts("vfs_read__fentry", 1, 5n, 50n)], at: 0 };
  const [row] = deriveProbes({ ...sample, at: 1000 }, sample).rows;
  assert.deepEqual([row?.events, row?.ns_per_event, row?.cpu_pct], [0, null, 0]);
});

Deno.test("ProbeCost.toggle() switches the pane and the statistics on and off", () => {
  const calls: string[] = [];
  const cost = new ProbeCost(() => {
    calls.push("start");
    return { close: () => calls.push("stop") };
  });
  let runs = 0n;
  const programCounts = () => [counts("vfs_read__fentry", 1, runs += 100n, runs * 1000n)];
  const running = [{ programCounts, mapBytes: 4096 }, { programCounts: () => [], mapBytes: 512 }];
  assert.deepEqual(cost.models(), []);
  cost.toggle(running);
  assert.equal(cost.msPerS(), null);
  cost.advance(running);
  const [pane] = cost.models();
  assert.equal(pane?.tick?.rows[0]?.events, 100);
  assert.ok((cost.msPerS() ?? 0) > 0);
  assert.equal(cost.mapBytes(), 4608);
  cost.toggle(running);
  assert.deepEqual(calls, ["start", "stop"]);
  assert.deepEqual([cost.models(), cost.msPerS(), cost.mapBytes()], [[], null, null]);
  cost.close();
  assert.deepEqual(calls, ["start", "stop"]);
});

Deno.test("ProbeCost.toggle() shows why statistics cannot be enabled, and reads no counters", () => {
  const cost = new ProbeCost(() => {
    throw new BpfError("switch on BPF statistics", "EPERM");
  });
  const never = [{ programCounts: () => assert.fail("read although statistics are off"), mapBytes: 1 }];
  cost.toggle(never);
  cost.advance(never);
  const state = cost.models()[0]?.state;
  assert.equal(state?.kind, "unavailable");
  assert.match(state?.kind === "unavailable" ? state.reason : "", /CAP_SYS_ADMIN/);
  cost.toggle(never);
  assert.deepEqual(cost.models(), []);
});

Deno.test("sumMapBytes() is unknown if the maps of one tool are", () => {
  assert.equal(sumMapBytes([{ mapBytes: 3 }, { mapBytes: null }, { mapBytes: 5 }]), null);
  assert.equal(sumMapBytes([]), 0);
});

Deno.test("statsFailure() names the kernel version that has the command", () => {
  assert.match(statsFailure(new BpfError("switch on BPF statistics", "EINVAL")).reason, /5\.8/);
});

Deno.test("ProbeCost.advance() disables statistics and shows why when a program cannot be read", () => {
  let stopped = 0;
  const cost = new ProbeCost(() => ({ close: () => stopped++ }));
  cost.toggle([]);
  const broken = [{
    programCounts: (): never => {
      throw new BpfError("read program statistics", "EBADF");
    },
    mapBytes: 1,
  }];
  cost.advance(broken);
  cost.advance(broken);
  const state = cost.models()[0]?.state;
  assert.match(state?.kind === "unavailable" ? state.reason : "", /EBADF/);
  assert.deepEqual([stopped, cost.msPerS()], [1, null]);
});
