/**
 * The cgroup of a process, and the container, unit or user that the cgroup is named after. The kernel's side is
 * bpf/lib/cgroup.bpf.h.
 *
 * @module
 */
import { inHostNamespace, readMounts } from "../../bpf/mod.ts";
import { Cgroups, findHierarchy, type Hierarchy } from "../../cgroups/mod.ts";
import type { Column, Row } from "../../model/mod.ts";
import { CgroupWatch } from "./cgroup_watch.ts";

/** Columns of every tool whose rows have a process. */
export const WHO: readonly Column[] = [
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
    priority: 2,
    align: "left",
    shown: "data",
  },
  {
    key: "unit",
    title: "UNIT",
    description: "The systemd unit that the cgroup of the process is in; unknown outside units.",
    unit: "text",
    width: 20,
    priority: 1,
    align: "left",
    shown: "data",
  },
];

/** The values of {@linkcode WHO}. */
export type Who = Readonly<Record<"cgroup_id" | "container" | "unit", Row[string]>>;

/** Of a row without a process. */
export const NOBODY: Who = { cgroup_id: null, container: null, unit: null };

/** In the order of enum cgroup_naming in bpf/lib/cgroup.bpf.h. */
export const CGROUP_NAMINGS = ["v2", "memory", "pids"] as const;

/** A hierarchy that names processes. */
export type CgroupNaming = typeof CGROUP_NAMINGS[number];

/** What names the cgroups of this machine. */
interface Naming {
  readonly hierarchy: Hierarchy;
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
function numberOf({ controller }: Hierarchy): number | null {
  if (controller === null) return 0;
  const lines = Deno.readTextFileSync("/proc/self/cgroup").split("\n").map((line) => line.split(":"));
  const line = lines.find(([, controllers = ""]) => controllers.split(",").includes(controller));
  return line ? Number(line[0]) : null;
}

/** While a tool runs whose rows have a process. */
let following: Promise<CgroupWatch | null> | null = null;
let watch: CgroupWatch | null = null;
let followers = 0;

async function startWatch(): Promise<CgroupWatch | null> {
  const here = namingHere();
  const number = here && numberOf(here.hierarchy);
  // The kernel reports paths from the root of the hierarchy.
  if (here === null || number === null || !inHostNamespace("cgroup")) return null;
  return await CgroupWatch.open((hierarchy, id, path) => {
    if (hierarchy === number) here.cgroups.created(id, path);
  });
}

/**
 * Follows the cgroups that are created from now on: the rows of one that is soon gone have its name, too. Call the result at the end.
 * Where the kernel does not report them, only cgroups that live until their first row is read have a name.
 */
export async function followCgroups(): Promise<() => void> {
  followers++;
  following ??= startWatch();
  if (followers === 1) namingHere()?.cgroups.start();
  watch = await following;
  let isFollowing = true;
  return () => {
    if (!isFollowing) return;
    isFollowing = false;
    if (--followers > 0) return;
    watch?.close();
    naming?.cgroups.close();
    following = watch = null;
    naming = undefined;
  };
}

/** Values whose name is known. They are shared by the rows. */
const known = new Map<number, Who>();
const MAX_KNOWN = 10_000;

/**
 * The values of {@linkcode WHO} for a process.
 *
 * @param cgroupId as the kernel counted it; 0: unknown
 * @param pid a process that was in the cgroup, for finding its path
 */
export function whoOf(cgroupId: number, pid: number): Who {
  if (cgroupId === 0) return NOBODY;
  const found = known.get(cgroupId);
  if (found !== undefined) return found;
  watch?.drain();
  const name = namingHere()?.cgroups.nameOf(cgroupId, pid) ?? null;
  if (name === null) return { ...NOBODY, cgroup_id: cgroupId };
  const who: Who = { cgroup_id: cgroupId, container: name.name, unit: name.unit ?? null };
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(cgroupId, who);
  return who;
}

/** The tool with the name of the cgroup in its text. */
export const withWho = <T extends { readonly columns: readonly Column[] }>(tool: T): T => ({
  ...tool,
  columns: tool.columns.map((column) => column.key === "container" ? { ...column, shown: "always" } : column),
});

/** Whether the rows of a tool have a process. */
export const hasWho = ({ columns }: { readonly columns: readonly Column[] }): boolean =>
  columns.some(({ key }) => key === "cgroup_id");
