/**
 * The state of a connection to another machine.
 *
 * @module
 */

/** Key of the column that names the host of a row, where rows of several hosts are shown. */
export const HOST_KEY = "host";

/** State of a host that is shown through ssh. */
export interface HostStatus {
  /** As on the command line. */
  readonly name: string;
  /**
   * `stalled`: it is connected, and its last tick is older than 2 s and than 2.5 intervals; `lost`: the connection has ended, and ktop
   * reconnects; `failed`: it does not; `ended`: the host has sent all that was requested.
   */
  readonly state: "connecting" | "running" | "stalled" | "lost" | "failed" | "ended";
  /** Why it is lost or failed, escaped; else empty. */
  readonly reason: string;
  /** Seconds since its last tick arrived; null: none has. */
  readonly ageS: number | null;
  /** Seconds until ktop reconnects; null: it does not. */
  readonly retryS: number | null;
  /** Received over the last seconds. */
  readonly bytesPerS: number;
  /** Ticks that arrived and were dropped, because they came faster than they were shown. */
  readonly droppedTicks: number;
  /** Connections that ended after the first line of the recording, before everything that was requested had arrived. */
  readonly lostConnections: number;
}
