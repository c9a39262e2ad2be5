/**
 * The name of a cgroup, from its path and the state of its container. Pure.
 *
 * @module
 */
import type { Pod } from "./container_state.ts";
import { type ContainerPlace, isGuess, type Place, plainContainerName } from "./path_names.ts";
import type { FoundState } from "./state_files.ts";

/** The shortest name of a cgroup that a human knows. All texts are escaped and bounded. */
export interface CgroupName {
  /** From the root of ktop's cgroup namespace. */
  readonly path: string;
  /** `docker:web-1`, `pod prod/api-7f9c:server`, `nginx.service`, `user@1000/app-firefox`; else the path. */
  readonly name: string;
  readonly kind:
    | "docker"
    | "podman"
    | "containerd"
    | "crio"
    | "pod"
    | "lxc"
    | "nspawn"
    | "unit"
    | "user"
    | "path";
  /** The container's. */
  readonly id?: string;
  /** The system's unit, as systemctl writes it: `user@1000.service` for all units of that user's systemd. */
  readonly unit?: string;
  readonly pod?: Pod;
  /** The container's name, or in a pod the name that its specification gives it. */
  readonly container?: string;
  readonly image?: string;
  /**
   * The user who made the cgroup and named it: id and container are then what that user claims, and equal to those of others if the
   * user wants it.
   */
  readonly uid?: number;
}

const MAX_NAME = 256;
const MAX_PATH = 512;

/** The end of a text that is too long. */
function lastPart(text: string, length: number): string {
  return text.length <= length ? text : `…${text.slice(1 - length).replace(/^[\udc00-\udfff]/, "")}`;
}

/** The name of a container. */
function containerName(container: ContainerPlace, found: FoundState | null, pod: Pod | undefined): string {
  const below = container.inner === undefined ? "" : `/${container.inner}`;
  const name = found?.state.name;
  if (pod !== undefined) {
    return `pod ${pod.namespace}/${pod.name}${name === undefined ? "" : `:${name}`}${below}`;
  }
  if (found !== null && name !== undefined) return `${found.runtime}:${name}${below}`;
  return plainContainerName(found === null ? container : { ...container, runtime: found.runtime });
}

/**
 * Names a cgroup.
 *
 * @param isProven the container's cgroup belongs to whom it has to ({@linkcode ContainerPlace.needsRoot})
 */
export function nameCgroup(place: Place, isProven: boolean, found: FoundState | null): CgroupName {
  const { container, unit, uid } = place;
  const common = {
    path: lastPart(place.path, MAX_PATH),
    ...(unit === undefined ? {} : { unit: lastPart(unit, MAX_NAME) }),
    ...(uid === undefined ? {} : { uid }),
  };
  if (container === undefined || !isProven || (isGuess(container) && found === null)) {
    return { ...common, name: lastPart(place.name, MAX_NAME), kind: place.kind };
  }
  const { image, pod: foundPod } = found?.state ?? {};
  // Users have no pods: what their files say about one is a claim about another's.
  const pod = foundPod && uid === undefined
    ? { ...foundPod, uid: foundPod.uid === "" ? container.podUid ?? "" : foundPod.uid }
    : undefined;
  const runtime = found?.runtime ?? container.runtime;
  const isNamed = runtime === "lxc" || runtime === "nspawn";
  const name = isNamed ? container.id : found?.state.name;
  const owner = uid === undefined ? "" : `user@${uid}/`;
  return {
    ...common,
    name: lastPart(`${owner}${containerName(container, found, pod)}`, MAX_NAME),
    kind: pod !== undefined || runtime === null ? "pod" : runtime,
    ...(isNamed ? {} : { id: container.id }),
    ...(pod === undefined ? {} : { pod }),
    ...(name === undefined ? {} : { container: lastPart(name, MAX_NAME) }),
    ...(image === undefined ? {} : { image }),
  };
}
