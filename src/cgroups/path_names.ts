/**
 * What the path of a cgroup says about it: the container, the unit, the user. Pure; paths are escaped already (src/text).
 *
 * A process that may write to a cgroup can make others in it, with any name, so names of containers are trusted by their place:
 *
 * - Below slices and the directories of runtimes (`/docker`, `/kubepods`) only systemd and the runtimes make cgroups.
 * - Below a unit or another directory, the owner of the cgroup must be root (`needsRoot`): a process owns the cgroups that it
 *   makes. Otherwise the name is the unit or the path.
 * - Below user.slice, names start with `user@UID/`, and only state files of that user are read.
 * - Below a container, the name starts with that container's: `docker:ci/docker:0123456789ab`.
 *
 * @module
 */

/** A container runtime. */
export type Runtime = "docker" | "podman" | "containerd" | "crio" | "lxc" | "nspawn";

/** A container in a path. */
export interface ParsedContainer {
  /** Null: the path does not say which. */
  readonly runtime: Runtime | null;
  /** 64 hexadecimal digits; of lxc and nspawn the name. */
  readonly id: string;
  /** Components of the path up to the container's cgroup. */
  readonly depth: number;
  /** Whether it counts as a container only if root owns its cgroup. */
  readonly needsRoot: boolean;
  /** The UID of its pod. */
  readonly podUid?: string;
  /** The name of a container inside of this one, made of its id. */
  readonly inner?: string;
}

/** A cgroup by its path. */
export interface ParsedPath {
  readonly path: string;
  /** What the cgroup is if it is in no container. */
  readonly kind: "unit" | "user" | "pod" | "path";
  readonly name: string;
  readonly container?: ParsedContainer;
  /** Of the system's systemd. A user's units are a part of `user@UID.service`. */
  readonly unit?: string;
  /** The user below whose slice it is. */
  readonly uid?: number;
}

const ID = "[0-9a-f]{64}";
const POD_UID = "[0-9a-f][0-9a-f_-]{30,34}[0-9a-f]";

/** Names that contain the runtime's: of the systemd driver, of podman's and CRI-O's cgroupfs drivers, and of a slice's name for cgroupfs. */
const NAMED = new RegExp(
  `^(?:(?<scope>docker|libpod|cri-containerd|crio|nerdctl)-(?<scopeId>${ID})\\.scope|` +
    `(?<prefix>libpod|libpod-payload|crio)-(?<prefixId>${ID})|` +
    `[^:]*:(?<field>docker|libpod|cri-containerd|crio):(?<fieldId>${ID}))$`,
);
const RUNTIMES: Readonly<Record<string, Runtime>> = {
  "docker": "docker",
  "libpod": "podman",
  "libpod-payload": "podman",
  "cri-containerd": "containerd",
  "nerdctl": "containerd",
  "crio": "crio",
};
const BARE_ID = new RegExp(`^${ID}$`);
const POD = new RegExp(`^(?:pod(${POD_UID})|[^:]*kubepods(?:-[a-z]+)?-pod(${POD_UID})\\.slice(?::.*)?)$`);
const LXC = /^lxc\.payload\.(.+)$/;
/** Machines of systemd-machined. libvirt's virtual machines are not containers. */
const MACHINE = /^(?:machine-(?!qemu(?:-|\\\\x2d))(.+)\.scope|systemd-nspawn@(.+)\.service)$/;
const UNIT = /\.(?:service|scope|socket|mount|swap)$/;
const USER_SLICE = /^user-(\d+)\.slice$/;
/** Applications of a desktop (systemd.io/DESKTOP_ENVIRONMENTS): app-LAUNCHER-ID-RANDOM.scope, app-LAUNCHER-ID@RANDOM.service. */
const APPLICATION = /^app-(?:(?:.+-)?([^-]+)-[^-]+\.scope|(?:.+-)?([^@-]+)(?:@[^@]*)?\.service)$/;

/** Directories in which runtimes with the cgroupfs driver make the cgroups of containers and pods. */
const RUNTIME_DIRECTORY = new RegExp(
  `^(?:docker|libpod_parent|lxc|lxc\\.payload|default|kubelet|kubepods|burstable|besteffort|pod${POD_UID})$`,
);

/**
 * Where a component of a path is, which decides who can have chosen its name: below slices and directories of runtimes (`system`), a
 * user's slice (`user`), a unit of the system (`unit`), or another directory (`other`).
 */
type Zone = "system" | "user" | "unit" | "other";

/** Decodes systemd's `\x2d`, whose backslash is doubled in escaped text. Other bytes than printable ASCII stay escaped. */
function decodeSystemd(text: string): string {
  return text.replace(/\\\\x([2-7][0-9a-f])/g, (escape, hex) => {
    const char = String.fromCharCode(parseInt(hex, 16));
    return /[\\/\x7f]/.test(char) ? escape : char;
  });
}

/** systemd puts a `_` before names that are also names of a cgroup's files, or that start with `_` or a dot. */
function decodeUnit(part: string): string {
  return part.startsWith("_") ? part.slice(1) : part;
}

/** The container whose cgroup a component is. */
function containerIn(
  part: string,
  parent: string,
  zone: Zone,
  podUid: string | undefined,
): { readonly runtime: Runtime | null; readonly id: string } | null {
  const { scope, scopeId, prefix, prefixId, field, fieldId } = NAMED.exec(part)?.groups ?? {};
  const runtime = RUNTIMES[scope ?? prefix ?? field ?? ""];
  if (runtime !== undefined) return { runtime, id: (scopeId ?? prefixId ?? fieldId)! };
  if (BARE_ID.test(part) && (zone === "system" || zone === "other")) {
    const known = podUid !== undefined
      ? null
      : parent === "docker"
      ? "docker"
      : parent === "default"
      ? "containerd"
      : null;
    return { runtime: known, id: part };
  }
  if (zone !== "system" && zone !== "user") return null;
  const lxc = LXC.exec(part)?.[1] ?? (/^lxc(?:\.payload)?$/.test(parent) ? part : undefined);
  if (lxc !== undefined) return { runtime: "lxc", id: lxc };
  const [, scoped, nspawn] = MACHINE.exec(part) ?? [];
  const machine = scoped ?? nspawn;
  return machine === undefined ? null : { runtime: "nspawn", id: decodeSystemd(machine) };
}

/** The zone of what is below a component. */
function zoneBelow(part: string, parent: string, zone: Zone): Zone {
  if (zone !== "system") return zone;
  if (parent === "user.slice" && USER_SLICE.test(part)) return "user";
  if (UNIT.test(part)) return "unit";
  return part.endsWith(".slice") || RUNTIME_DIRECTORY.test(part) ? "system" : "other";
}

/** The first container in a path, and the UID of its pod or of the pod that the path ends in. */
function findContainer(
  parts: readonly string[],
): { readonly container?: ParsedContainer; readonly podUid?: string } {
  let zone: Zone = "system";
  let podUid: string | undefined;
  for (const [index, part] of parts.entries()) {
    const parent = parts[index - 1] ?? "";
    const pod = POD.exec(part);
    if (pod) podUid = (pod[1] ?? pod[2])!.replaceAll("_", "-");
    const found = containerIn(part, parent, zone, podUid);
    if (found === null) {
      zone = zoneBelow(part, parent, zone);
      continue;
    }
    const inner = findContainer(parts.slice(index + 1)).container;
    return {
      container: {
        ...found,
        depth: index + 1,
        needsRoot: zone === "unit" || zone === "other",
        ...(podUid === undefined ? {} : { podUid }),
        ...(inner === undefined || isGuess(inner) ? {} : { inner: plainContainerName(inner) }),
      },
    };
  }
  return zone === "system" && podUid !== undefined ? { podUid } : {};
}

/** True if it is a container only if a state file describes it. */
export function isGuess({ runtime, podUid }: ParsedContainer): boolean {
  return runtime === null && podUid === undefined;
}

/** The end of a container's name: the name of the container inside of it. */
export const innerSuffix = ({ inner }: ParsedContainer): string => inner === undefined ? "" : `/${inner}`;

/** The name of a container without its state file. */
export function plainContainerName(container: ParsedContainer): string {
  const { runtime, id, podUid } = container;
  const below = innerSuffix(container);
  const short = id.slice(0, 12);
  if (runtime === null) return `${podUid === undefined ? "" : `pod ${podUid}:`}${short}${below}`;
  if (runtime === "nspawn") return `machine:${id}${below}`;
  return `${runtime}:${runtime === "lxc" ? id : short}${below}`;
}

/** The name of what a user's processes are in, from the components below the user's slice. */
function userName(uid: string, parts: readonly string[]): string {
  const manager = `user@${uid}.service`;
  const unit = parts.find((part) => UNIT.test(part) && part !== manager);
  if (unit === undefined) return parts.includes(manager) ? manager : `user-${uid}.slice`;
  const [, scope, service] = APPLICATION.exec(unit) ?? [];
  const application = scope ?? service;
  const name = application === undefined ? decodeUnit(unit) : `app-${decodeSystemd(application)}`;
  return `user@${uid}/${name}`;
}

/**
 * Reads a path. Without a container it is named after its unit, as systemctl writes it, or after the user's application or
 * unit. Other paths are their own names, as is that of a unit below a directory that is not systemd's.
 *
 * @param path from the root of the hierarchy, escaped
 */
export function parsePath(path: string): ParsedPath {
  const parts = path.split("/").filter((part) => part !== "");
  const { container, podUid } = findContainer(parts);
  const found = container === undefined ? {} : { container };
  const end = parts.findIndex((part, index) =>
    !part.endsWith(".slice") || (index > 0 && parts[index - 1] === "user.slice")
  );
  const part = parts[end];
  const outsideUnits: ParsedPath = podUid === undefined
    ? { path, kind: "path", name: path, ...found }
    : { path, kind: "pod", name: `pod ${podUid}`, ...found };
  if (part === undefined) return outsideUnits;
  const uid = parts[end - 1] === "user.slice" ? USER_SLICE.exec(part)?.[1] : undefined;
  if (uid !== undefined) {
    const unit = parts[end + 1];
    return {
      path,
      kind: "user",
      name: userName(uid, parts.slice(end + 1)),
      uid: Number(uid),
      ...(unit !== undefined && UNIT.test(unit) ? { unit: decodeUnit(unit) } : {}),
      ...found,
    };
  }
  if (UNIT.test(part)) {
    const unit = decodeUnit(part);
    return { path, kind: "unit", name: unit, unit, ...found };
  }
  return outsideUnits;
}
