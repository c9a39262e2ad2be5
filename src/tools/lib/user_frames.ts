/**
 * The names of functions of programs: where stacks get the names of their user frames.
 *
 * @module
 */

/** Addresses in the memory of a process. */
export interface UserAddresses {
  readonly pid: number;
  readonly addresses: readonly bigint[];
}

/** Names functions by addresses inside them. */
export interface UserFrames {
  /** A name for each address, from a cache: "[unknown]" while it is not resolved. */
  frames(pid: number, addresses: readonly bigint[]): string[];
  /** Fills the cache, off the event loop. */
  resolve(requests: readonly UserAddresses[]): Promise<void>;
}

const UNKNOWN = "[unknown]";

/** Names none. */
const UNNAMED: UserFrames = {
  frames: (_, addresses) => addresses.map(() => UNKNOWN),
  resolve: () => Promise.resolve(),
};

/** The names of the functions of programs, shared by all tools. */
export const userFrames = (): UserFrames => UNNAMED;
