/**
 * Who a process belongs to: its user; its cgroup, and the container, unit or user that the cgroup is named after. The kernel's side
 * is bpf/lib/user.bpf.h and bpf/lib/cgroup.bpf.h.
 *
 * @module
 */
import { inHostNamespace, readMounts } from "../../bpf/mod.ts";
import {
  Cgroups,
  findHierarchy,
  type NamingHierarchy,
  readLimits,
  SYSTEM_FILES,
  SYSTEM_USERS,
} from "../../cgroups/mod.ts";
import { UnsupportedError } from "../../errors.ts";
import type { CgroupDetails, Column, Row } from "../../model/mod.ts";
import { CgroupFilter } from "./cgroup_filter.ts";
import { type NameFilters, parseTerms, type Term } from "./cgroup_terms.ts";
import { CgroupWatch, type OnCgroup } from "./cgroup_watch.ts";

/**
 * Columns of every tool whose rows have a process. The user is the real one, in the initial user namespace, whatever namespace the
 * process is in: the one that `--user` compares, as in `ps -o ruser`. Another process may have started it with setuid(2).
 */
export const WHO: readonly Column[] = [
  {
    key: "uid",
    title: "UID",
    description: "Real user id of the process when it was counted, as the host sees it.",
    unit: "id",
    width: 6,
    priority: -3,
    align: "right",
    shown: "data",
  },
  {
    key: "user",
    title: "USER",
    description: "Name of that user in /etc/passwd, else the id.",
    unit: "text",
    width: 12,
    minWidth: 8,
    priority: 1,
    align: "left",
    shown: "data",
  },
  {
    key: "cgroup_id",
    title: "CGROUP",
    description: "Cgroup of the process when it was counted: the inode number of its directory.",
    unit: "id",
    width: 8,
    priority: -3,
    align: "right",
    shown: "data",
  },
  {
    key: "container",
    title: "CONTAINER",
    description: "What the cgroup is named after: its container, pod, unit or user, else its path.",
    unit: "text",
    width: 20,
    minWidth: 18,
    priority: 2,
    align: "left",
    metricLabel: "container",
    shown: "data",
  },
  {
    key: "unit",
    title: "UNIT",
    description: "The systemd unit that the cgroup of the process is in; unknown outside units.",
    unit: "text",
    width: 20,
    minWidth: 18,
    priority: 1,
    align: "left",
    shown: "data",
  },
];

/** {@linkcode WHO} of a tool that has a column with the user's id. */
export const WHO_BESIDE_UID: readonly Column[] = WHO.filter(({ key }) => key !== "uid");

/** The values of {@linkcode WHO}. */
export type Who = Readonly<Record<"uid" | "user" | "cgroup_id" | "container" | "unit", Row[string]>>;

/** Of a row without a process. */
export const NOBODY: Who = { uid: null, user: null, cgroup_id: null, container: null, unit: null };

/** In the order of enum cgroup_naming in bpf/lib/cgroup.bpf.h. */
export const CGROUP_NAMINGS = ["v2", "memory", "pids"] as const;

/** A hierarchy that names processes. */
export type CgroupNaming = typeof CGROUP_NAMINGS[number];

/** What names the cgroups of this machine. */
interface Naming {
  readonly hierarchy: NamingHierarchy;
  readonly cgroups: Cgroups;
}

/** undefined: not looked for yet; null: no hierarchy is mounted. */
let naming: Naming | null | undefined;

function namingHere(): Naming | null {
  if (naming === undefined) {
    const hierarchy = findHierarchy(readMounts());
    naming = hierarchy && { hierarchy, cgroups: new Cgroups(hierarchy) };
  }
  return naming;
}

/** Which hierarchy names processes here: that of cgroup v2, or of a v1 controller. */
export const cgroupNaming = (): CgroupNaming => namingHere()?.hierarchy.controller ?? "v2";

/** The number of a hierarchy, as /proc/self/cgroup has it; null: unknown. cgroups(7) */
function hierarchyNumber({ controller }: NamingHierarchy): number | null {
  if (controller === null) return 0;
  const lines = Deno.readTextFileSync("/proc/self/cgroup").split("\n").map((line) => line.split(":"));
  const line = lines.find(([, controllers = ""]) => controllers.split(",").includes(controller));
  return line ? Number(line[0]) : null;
}

/** While a tool runs whose rows have a process. */
let following: Promise<CgroupWatch | null> | null = null;
let watch: CgroupWatch | null = null;
let followers = 0;

/** The filters by container, unit and pod; null: there are none. */
let filter: CgroupFilter | null = null;

/** @throws {KtopError} there are terms, and this machine does not have what they need */
async function startWatch(terms: readonly Term[]): Promise<CgroupWatch | null> {
  const here = namingHere();
  const number = here && hierarchyNumber(here.hierarchy);
  const isFiltering = terms.length > 0;
  // The kernel reports paths from the root of the hierarchy.
  if (here === null || number === null || !inHostNamespace("cgroup")) {
    if (isFiltering) throw cannotFilter(here === null);
    return null;
  }
  const onCgroup: OnCgroup = (hierarchy, id, path) => {
    if (hierarchy !== number) return;
    here.cgroups.created(id, path);
    filter?.named(id);
    retryNames();
  };
  if (!isFiltering) return await CgroupWatch.open(onCgroup);
  const watch = await CgroupWatch.openDeciding(number, onCgroup);
  filter = new CgroupFilter(terms, here.cgroups, watch);
  // Opening a tool waits for it, too, and reports a failure.
  filter.ready.then(retryNames, () => {});
  return watch;
}

/** From one look for the state files of containers to the next while a filter waits for their names, milliseconds. */
const RETRY_MS = 100;
let retryTimer: number | null = null;

/** Looks again for names of containers whose state files were absent. With a filter also later, whatever the interval. */
function retryNames(): void {
  const cgroups = naming?.cgroups;
  if (!cgroups?.isWaiting) return;
  for (const id of cgroups.retry()) filter?.named(id);
  if (filter === null || retryTimer !== null || !cgroups.isWaiting) return;
  retryTimer = setTimeout(() => {
    retryTimer = null;
    retryNames();
  }, RETRY_MS);
  Deno.unrefTimer(retryTimer);
}

function cannotFilter(isUnmounted: boolean): UnsupportedError {
  return isUnmounted
    ? new UnsupportedError(
      "cgroups",
      "No cgroup hierarchy is mounted: containers, units and pods are unknown.",
      {
        remedy: "Run: mount -t cgroup2 cgroup2 /sys/fs/cgroup.",
      },
    )
    : new UnsupportedError(
      "the host's cgroup namespace",
      "--container, --unit and --pod need the host's cgroup namespace.",
      {
        remedy: "Run ktop on the host, or its container with --cgroupns=host.",
      },
    );
}

/** Whether a row passes the filters by container, unit and pod. */
export const passesCgroupFilter = (row: Row): boolean => filter === null || filter.passes(row);

/** Whether there are filters by container, unit and pod. */
export const filtersCgroups = (): boolean => filter !== null;

/**
 * Follows the cgroups that are created from now on: the rows of one that is soon gone have its name, too. Call `end()` of the result when the rows have been read.
 * Where the kernel does not report them, only cgroups that live until their first row is read have a name.
 *
 * @param filters the same for all tools
 * @throws {KtopError} this machine does not have what the filters by container, unit and pod need
 */
export async function followCgroups(filters: NameFilters = {}): Promise<Following> {
  const terms = parseTerms(filters);
  followers++;
  let isFollowing = true;
  const end = (): void => {
    if (!isFollowing) return;
    isFollowing = false;
    if (--followers > 0) return;
    filter?.close();
    watch?.close();
    naming?.cgroups.close();
    following = watch = filter = null;
    naming = undefined;
    forget();
  };
  const read = (): void => {
    watch?.drain();
    retryNames();
    if (SYSTEM_USERS.refresh()) forget();
  };
  try {
    following ??= startWatch(terms);
    if (followers === 1 && terms.length === 0) namingHere()?.cgroups.start();
    watch = await following;
    return { filter, read, end };
  } catch (error) {
    end();
    throw error;
  }
}

/** New cgroups are followed until `end` is called, which may be called twice. */
export interface Following {
  readonly filter: CgroupFilter | null;
  /** Reads what the kernel has reported, and changed names of users. Call it in each interval: the kernel keeps a limited number of reports. */
  read(): void;
  end(): void;
}

/** Values whose cgroup is named, by cgroup, then by user. They are shared by the rows. */
const known = new Map<number, Map<number, Who>>();
const MAX_KNOWN = 10_000;
let knownCount = 0;

/** The name of a user in /etc/passwd; null: it has none. */
export const userName = (uid: number): string | null => SYSTEM_USERS.nameOf(uid);

/** What the kernel counted a row for. */
export interface Counted {
  /** 0: unknown. */
  readonly cgroup_id: number;
  /** Real user id, in the initial user namespace. */
  readonly uid: number;
}

/**
 * The values of {@linkcode WHO} for a process.
 *
 * @param pid the process, for finding the path of its cgroup; 0: unknown, and so is the user
 */
export function whoOf({ cgroup_id: cgroupId, uid }: Counted, pid: number): Who {
  const found = known.get(cgroupId)?.get(uid);
  if (found !== undefined && pid !== 0) return found;
  const user: Who = pid === 0 ? NOBODY : { ...NOBODY, uid, user: SYSTEM_USERS.nameOf(uid) ?? String(uid) };
  if (cgroupId === 0) return user;
  watch?.drain();
  const name = namingHere()?.cgroups.nameOf(cgroupId, pid) ?? null;
  if (name === null) return { ...user, cgroup_id: cgroupId };
  const who: Who = { ...user, cgroup_id: cgroupId, container: name.name, unit: name.unit ?? null };
  if (pid !== 0 && naming?.cgroups.isProvisional(cgroupId) !== true) remember(cgroupId, uid, who);
  return who;
}

function remember(cgroupId: number, uid: number, who: Who): void {
  if (knownCount >= MAX_KNOWN) forget();
  const ofCgroup = known.get(cgroupId) ?? new Map<number, Who>();
  known.set(cgroupId, ofCgroup.set(uid, who));
  knownCount++;
}

function forget(): void {
  known.clear();
  knownCount = 0;
}

/**
 * What is known of a cgroup: its name, and its limits while it exists. Null: nothing.
 *
 * @param pid a process that was in it
 */
export function describeCgroup(cgroupId: number, pid: number): CgroupDetails | null {
  const here = namingHere();
  watch?.drain();
  const name = here?.cgroups.nameOf(cgroupId, pid) ?? null;
  if (here === null || name === null) return null;
  const { hierarchy, cgroups } = here;
  const membership = cgroups.isIn(cgroupId, pid) ? SYSTEM_FILES.membership(pid) : null;
  const path = cgroups.currentPath(cgroupId);
  const { id, image, unit, pod } = name;
  return {
    path: name.path,
    name: name.name,
    ...(id === undefined ? {} : { containerId: id }),
    ...(image === undefined ? {} : { image }),
    ...(unit === undefined ? {} : { unit }),
    ...(pod === undefined ? {} : { pod: `${pod.namespace}/${pod.name}` }),
    limits: readLimits({ hierarchy, membership, path }, readMounts()),
  };
}

/** The tool with the name of the cgroup in its text. */
export const withWho = <T extends { readonly columns: readonly Column[] }>(tool: T): T => ({
  ...tool,
  columns: tool.columns.map((column) => column.key === "container" ? { ...column, shown: "always" } : column),
});

/** Whether the rows of a tool have a process. */
export const hasWho = ({ columns }: { readonly columns: readonly Column[] }): boolean =>
  columns.some(({ key }) => key === "cgroup_id");
