/**
 * Which descriptors a service manager passes, as in sd_listen_fds(3).
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { counted, shownValue } from "../text/mod.ts";

/** The first descriptor that is passed. */
const FIRST = 3;
/** Most descriptors that are taken. */
const MAX = 64;

/** The variables of the environment. */
export interface ActivationVariables {
  readonly LISTEN_PID?: string;
  readonly LISTEN_FDS?: string;
  readonly LISTEN_FDNAMES?: string;
}

/** A descriptor that was passed. */
export interface PassedDescriptor {
  readonly fd: number;
  /** As the service manager calls it; empty if it has no name. */
  readonly name: string;
}

function parseNumber(variable: "LISTEN_PID" | "LISTEN_FDS", text: string, max: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (number <= max) return number;
  throw new UsageError(
    `The variable ${variable} is not a whole number up to ${max}: "${shownValue(text)}".`,
    {
      remedy: "Unset LISTEN_PID and LISTEN_FDS, or set them as in sd_listen_fds(3).",
    },
  );
}

/**
 * The descriptors; none if the variables are absent or were set for another process.
 *
 * @param pid the id of this process
 * @throws {UsageError} the variables are malformed
 */
export function passedDescriptors(variables: ActivationVariables, pid: number): PassedDescriptor[] {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES } = variables;
  if (LISTEN_PID === undefined || LISTEN_FDS === undefined) return [];
  if (parseNumber("LISTEN_PID", LISTEN_PID, 2 ** 31 - 1) !== pid) return [];
  const count = parseNumber("LISTEN_FDS", LISTEN_FDS, MAX);
  const names = LISTEN_FDNAMES?.split(":") ?? [];
  if (LISTEN_FDNAMES !== undefined && count > 0 && names.length !== count) {
    throw new UsageError(
      `LISTEN_FDNAMES has ${counted(names.length, "name")} for ${counted(count, "descriptor")}.`,
      {
        remedy: "Unset it, or name each descriptor.",
      },
    );
  }
  return Array.from({ length: count }, (_, i) => ({ fd: FIRST + i, name: names[i] ?? "" }));
}
