/**
 * The filters by container, unit and pod: which cgroups pass them, by name. Pure.
 *
 * All filters must match: one of the values of each option that are not negated, and none of those that are.
 *
 * @module
 */
import type { CgroupName } from "../../cgroups/mod.ts";
import { UsageError } from "../../errors.ts";
import { negation } from "../../model/mod.ts";
import { escapeText, shownValue } from "../../text/mod.ts";

/** What names a cgroup. */
const KINDS = ["container", "unit", "pod"] as const;

type Kind = typeof KINDS[number];

/** A value of an option. */
export interface Term {
  readonly kind: Kind;
  readonly negated: boolean;
  /** As typed, without the `!`. */
  readonly value: string;
  readonly matches: (name: CgroupName) => boolean;
}

/** The filters that the terms are made of. Values with `!` are excluded. */
export interface NameFilters {
  /** Only tasks in one of these containers, by name or by the start of its id. */
  readonly container?: readonly string[];
  /** Only tasks in one of these units of systemd. */
  readonly unit?: readonly string[];
  /** Only tasks in one of these pods: `NAME`, `NAMESPACE/NAME`. */
  readonly pod?: readonly string[];
}

/** The shortest start of a container's id: shorter ones are names, such as `db`. */
const MIN_ID = 8;
const ID_START = new RegExp(`^[0-9a-f]{${MIN_ID},64}$`);

/** The suffixes of units (systemd.unit(5)) whose cgroups have processes. */
const UNIT = /\.(?:service|scope|socket|mount|swap)$/;

/** Makes the test of `--container`. A user's containers are selected by `user@UID/NAME` only: that user chooses their names. */
function containerTest(value: string): Term["matches"] {
  const [, user, rest] = /^user@(\d+)\/(.+)$/s.exec(value) ?? [];
  const wanted = escapeText(rest ?? value);
  const uid = user === undefined ? undefined : Number(user);
  return ({ kind, id, container, pod, uid: owner }) => {
    if (owner !== uid) return false;
    const runtime = kind === "nspawn" ? "machine" : kind;
    // A container without a known name is shown as `podman:aba9e3bab47b`.
    const digits = wanted.startsWith(`${runtime}:`) ? wanted.slice(runtime.length + 1) : wanted;
    if (id !== undefined && ID_START.test(digits) && id.startsWith(digits)) return true;
    if (container === undefined) return false;
    const full = pod === undefined
      ? `${runtime}:${container}`
      : `pod ${pod.namespace}/${pod.name}:${container}`;
    return wanted === container || wanted === full;
  };
}

/** Makes the test of `--unit`; a name without suffix is a service, as in systemctl(1). */
function unitTest(value: string): Term["matches"] {
  const wanted = escapeText(UNIT.test(value) ? value : `${value}.service`);
  return ({ unit }) => unit === wanted;
}

function podTest(value: string): Term["matches"] {
  const wanted = escapeText(value);
  return ({ pod }) => pod !== undefined && (wanted === pod.name || wanted === `${pod.namespace}/${pod.name}`);
}

const TESTS: Readonly<Record<Kind, (value: string) => Term["matches"]>> = {
  container: containerTest,
  unit: unitTest,
  pod: podTest,
};

/** Whether there are such filters. */
export const hasTerms = (filters: NameFilters): boolean => KINDS.some((kind) => filters[kind] !== undefined);

/** Parses the filters. Throws UsageError for an empty name. */
export function parseTerms(filters: NameFilters): Term[] {
  return KINDS.flatMap((kind) =>
    (filters[kind] ?? []).map((text) => {
      const { negated, value } = negation(text);
      if (value.trim() === "") {
        throw new UsageError(`--${kind} needs a name, and "${shownValue(text)}" has none.`);
      }
      if (kind === "unit" && value.endsWith(".slice")) {
        throw new UsageError(
          `--unit takes services, scopes, sockets, mounts and swaps; for the slice ${
            shownValue(value)
          } use --cgroup with its directory.`,
        );
      }
      return { kind, negated, value, matches: TESTS[kind](value) };
    })
  );
}

/** Whether a filter of this kind gives the same result for all cgroups below this one. */
const SETTLED: Readonly<Record<Kind, (name: CgroupName) => boolean>> = {
  container: ({ id, container }) => id !== undefined || container !== undefined,
  unit: ({ unit }) => unit !== undefined,
  pod: ({ id, container, pod }) => id !== undefined || container !== undefined || pod !== undefined,
};

/** What the terms say of a cgroup. */
export interface Verdict {
  readonly wanted: boolean;
  /** The same holds for all cgroups below it. */
  readonly settled: boolean;
}

/** Applies the terms to a cgroup. */
export function judge(terms: readonly Term[], name: CgroupName): Verdict {
  const kinds = KINDS.filter((kind) => terms.some((term) => term.kind === kind));
  const settled = kinds.every((kind) => SETTLED[kind](name));
  const wanted = kinds.every((kind) => {
    const own = terms.filter((term) => term.kind === kind);
    const isExcluded = own.some(({ negated, matches }) => negated && matches(name));
    const positive = own.filter(({ negated }) => !negated);
    return !isExcluded && (positive.length === 0 || positive.some(({ matches }) => matches(name)));
  });
  return { wanted, settled };
}

/** Whether the terms only exclude cgroups, so that one without a name passes. */
export const onlyExclude = (terms: readonly Term[]): boolean => terms.every(({ negated }) => negated);
