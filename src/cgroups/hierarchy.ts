/**
 * The cgroup hierarchy whose cgroups name processes, and the cgroup of a process in it. Paths are bytes: names of cgroups need
 * not be UTF-8.
 *
 * @module
 */
import { type Mount, mountOf } from "../ffi/mod.ts";

/** The controllers whose limits are shown. */
export type Controller = "memory" | "cpu" | "pids";

/** A mounted hierarchy. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** The controller of a v1 hierarchy. */
  readonly controller: Controller | null;
  /** The mount point. */
  readonly point: string;
  /**
   * The mounted directory, relative to the root of ktop's cgroup namespace: "/" on hosts, "/docker/ID" in a container without a
   * namespace, "/.." above the root of the namespace (cgroup_namespaces(7)).
   */
  readonly root: string;
}

/** The length of a mount's root, negative above the root of the namespace: the mount with the lowest one shows most of its hierarchy. */
function rank({ root }: Mount): number {
  return root.startsWith("/..") ? -root.length : root.length;
}

/** The hierarchy that names processes. */
export interface NamingHierarchy extends Hierarchy {
  readonly controller: "memory" | "pids" | null;
}

/** The visible mount that shows most of its hierarchy, among those accepted. */
function bestMount(mounts: readonly Mount[], accepts: (mount: Mount) => boolean): Mount | null {
  const visible = mounts.filter((mount) => mountOf(mount.point, mounts) === mount);
  return visible.filter(accepts).reduce<Mount | null>(
    (found, mount) => found === null || rank(mount) < rank(found) ? mount : found,
    null,
  );
}

const hasController = (controller: Controller) => ({ type, options }: Mount): boolean =>
  type === "cgroup" && options.includes(controller);
const isV2 = ({ type }: Mount): boolean => type === "cgroup2";

/** The hierarchy of a controller: that of v1, else cgroup v2. Null: none is mounted. */
export function controllerHierarchy(controller: Controller, mounts: readonly Mount[]): Hierarchy | null {
  const v1 = bestMount(mounts, hasController(controller));
  const mount = v1 ?? bestMount(mounts, isV2);
  return mount &&
    { version: v1 ? 1 : 2, controller: v1 ? controller : null, point: mount.point, root: mount.root };
}

/**
 * The hierarchy of the v1 controller memory, else pids: container runtimes and systemd make cgroups there. Without them cgroup v2,
 * which then has all controllers. Null: none is mounted.
 */
export function findHierarchy(mounts: readonly Mount[]): NamingHierarchy | null {
  for (const controller of ["memory", "pids"] as const) {
    const mount = bestMount(mounts, hasController(controller));
    if (mount) return { version: 1, controller, point: mount.point, root: mount.root };
  }
  const mount = bestMount(mounts, isV2);
  return mount ? { version: 2, controller: null, point: mount.point, root: mount.root } : null;
}

/**
 * A cgroup that the hierarchy's mount shows. The cgroup `/a/web` of /proc/PID/cgroup has, with the mount's root
 *
 * - "/": below and path "/a/web";
 * - "/a": below "/web", path "/a/web".
 *
 * With the root "/.." the cgroup "/../web" has below and path "/web": names above the root of the namespace are unknown.
 */
export interface CgroupPath {
  /** Below the mount point. Empty for the mounted directory. */
  readonly below: Uint8Array;
  /** From the root of ktop's cgroup namespace; of a mount above that root, from the mounted directory. */
  readonly path: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: false });
const SLASH = 0x2f;
const COLON = 0x3a;
const NEWLINE = 0x0a;

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, index) => bytes[index] === byte);
}

/** What the paths of the mount's cgroups start with in /proc/PID/cgroup: "", "/docker/ID", "/..". */
function prefixOf({ root }: Hierarchy): Uint8Array {
  return encoder.encode(root === "/" ? "" : root);
}

/** The cgroup with a path below the mount point: "/a/b". */
export function cgroupBelow(hierarchy: Hierarchy, below: Uint8Array): CgroupPath {
  if (hierarchy.root === "/" || hierarchy.root.startsWith("/..")) return { below, path: below };
  const prefix = prefixOf(hierarchy);
  const path = new Uint8Array(prefix.length + below.length);
  path.set(prefix);
  path.set(below, prefix.length);
  return { below, path };
}

/** The cgroup with a path of /proc/PID/cgroup; null if the mount does not show it. */
export function cgroupAt(hierarchy: Hierarchy, path: Uint8Array): CgroupPath | null {
  const prefix = prefixOf(hierarchy);
  if (!startsWith(path, prefix)) return null;
  const rest = path.subarray(prefix.length);
  const below = rest.length === 1 && rest[0] === SLASH ? rest.subarray(1) : rest;
  if (below.length > 0 && below[0] !== SLASH) return null;
  if (/(?:^|\/)\.\.(?:\/|$)/.test(decoder.decode(below))) return null;
  return cgroupBelow(hierarchy, below);
}

/** The process's cgroup in the hierarchy, from the bytes of /proc/PID/cgroup (cgroups(7)); null if it is not shown there. */
export function cgroupOf(hierarchy: Hierarchy, membership: Uint8Array): CgroupPath | null {
  for (let start = 0; start < membership.length;) {
    const newline = membership.indexOf(NEWLINE, start);
    const end = newline < 0 ? membership.length : newline;
    const id = membership.indexOf(COLON, start);
    const names = id < 0 ? -1 : membership.indexOf(COLON, id + 1);
    if (names >= 0 && names < end) {
      const controllers = decoder.decode(membership.subarray(id + 1, names));
      const matches = hierarchy.controller === null
        ? decoder.decode(membership.subarray(start, names)) === "0:"
        : controllers.split(",").includes(hierarchy.controller);
      if (matches) return cgroupAt(hierarchy, membership.slice(names + 1, end));
    }
    start = end + 1;
  }
  return null;
}
