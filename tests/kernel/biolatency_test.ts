/**
 * biolatency against block I/O of known numbers on a loop device.
 *
 * @module
 */
import assert from "node:assert/strict";
import { untilWhole, watchBlocks } from "../support/blocks.ts";
import { type JsonTick, sum } from "../support/ktop.ts";

const slots = (ticks: readonly JsonTick[]): number =>
  ticks.flatMap(({ histograms }) => histograms ?? []).flatMap(({ slots }) => slots).reduce(
    (a, b) => a + b,
    0,
  );

Deno.test("biolatency's slots add up to the requests, by disk and flags too", () =>
  untilWhole(async () => {
    const { ticks } = await watchBlocks("biolatency", "-D", "-F", "-Q");
    const flagged = (word: string): number =>
      sum(ticks, "count", ({ flags }) => String(flags).endsWith(word));
    assert.equal(flagged("Read"), 1009);
    const writes = flagged("Write") - 503;
    assert.ok(writes >= 61 && writes < 61 * 8, `${writes} requests`);
    assert.equal(slots(ticks), sum(ticks, "count"));
    const disks = new Set(ticks.flatMap(({ rows }) => rows).map(({ disk }) => disk));
    assert.deepEqual(disks.size, 1);
  }));

Deno.test("biolatency -e sums no more time than the program measured", () =>
  untilWhole(async () => {
    const work = await watchBlocks("biolatency", "-e", "-F");
    const sums = work.ticks.flatMap(({ histograms }) => histograms ?? []) as {
      label: string;
      sum?: number;
    }[];
    const reads = sums.filter(({ label }) => label.endsWith("Read")).reduce((all, { sum }) => all + sum!, 0);
    assert.ok(reads > 0 && reads <= work.measured.total_us!, `${reads} us`);
  }));
