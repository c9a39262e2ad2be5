/**
 * What readpath reports for dirty.c.
 *
 * @module
 */

/** Writes of the file. */
export const WRITES = 509 + 101;
