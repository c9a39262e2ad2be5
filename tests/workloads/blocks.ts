/**
 * What biosnoop and biolatency report for blocks.c.
 *
 * @module
 */

/** Bytes of a request. */
export const BLOCK = 4096;

/** Requests that the workload waits for one by one: reads, then writes. */
export const READS = 1009;
export const WRITES = 503;

/** Batches of adjacent writes, and the writes in each: one to eight requests, as the kernel merges them. */
export const BATCHES = 61;
export const TOGETHER = 8;
