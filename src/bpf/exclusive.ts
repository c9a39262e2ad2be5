/**
 * One at a time: libbpf has one message listener for the whole process, and loads one after another also share
 * what they cost.
 *
 * @module
 */

let last: Promise<unknown> = Promise.resolve();

/** Runs `work` after all earlier calls have ended, however they ended. Not reentrant. */
export function exclusive<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work);
  last = mine;
  return mine;
}
