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
   * `stalled`: it is connected, and its next tick is overdue; `lost`: the connection has ended and is tried again; `failed`: it is not tried
   * again; `ended`: it has sent the requested number of ticks.
   */
  readonly state: "connecting" | "running" | "stalled" | "lost" | "failed" | "ended";
  /** Why it is lost or failed, escaped; else empty. */
  readonly reason: string;
  /** Seconds since its last tick arrived; null: none has. */
  readonly ageS: number | null;
  /** Seconds until it is tried again; null: it is not. */
  readonly retryS: number | null;
  /** Received over the last seconds. */
  readonly bytesPerS: number;
  /** Ticks that arrived and were dropped, because they came faster than they were shown. */
  readonly droppedTicks: number;
  /** Connections that ended after a tick. */
  readonly lostConnections: number;
}
