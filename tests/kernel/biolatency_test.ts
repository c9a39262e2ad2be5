/**
 * biolatency against blocks.c on a loop device.
 *
 * @module
 */
import assert from "node:assert/strict";
import { retryHidden } from "../support/process1.ts";
import { countInSlots, sumColumn } from "../support/ticks.ts";
import { watchBlocks } from "../support/watch_blocks.ts";
import { BATCHES, READS, TOGETHER, WRITES } from "../workloads/blocks.ts";

Deno.test("biolatency counts each request in its rows and histograms, by disk and flags", () =>
  retryHidden(async () => {
    const { ticks, rows } = await watchBlocks("biolatency", "-D", "-F", "-Q");
    const flagged = (word: string): number =>
      sumColumn(rows, "count", ({ flags }) => String(flags).endsWith(word));
    assert.equal(flagged("Read"), READS);
    const batched = flagged("Write") - WRITES;
    assert.ok(batched >= BATCHES && batched < BATCHES * TOGETHER, `${batched} requests`);
    assert.equal(countInSlots(ticks), sumColumn(rows, "count"));
    assert.equal(new Set(rows.map(({ disk }) => disk)).size, 1);
  }));

Deno.test("biolatency -e sums no more time than the workload measured", () =>
  retryHidden(async () => {
    const { ticks, measured } = await watchBlocks("biolatency", "-e", "-F");
    const reads = ticks.flatMap(({ histograms }) => histograms ?? [])
      .filter(({ label }) => label.endsWith("Read"))
      .reduce((all, { sum }) => all + sum!, 0);
    assert.ok(reads > 0 && reads <= measured.total_us!, `${reads} us`);
  }));
