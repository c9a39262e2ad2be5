/**
 * The name of a cgroup, from its path and the state of its container. Pure.
 *
 * @module
 */
import type { Pod } from "./container_state.ts";
import {
  innerSuffix,
  isGuess,
  type ParsedContainer,
  type ParsedPath,
  plainContainerName,
} from "./path_names.ts";
import type { FoundState } from "./state_files.ts";

/** The name of a cgroup: that of its container, pod, unit or user, else its path. All texts are escaped and bounded. */
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
  /** The user below whose slice the cgroup is. That user can choose any `id` and `container`, also those of another container. */
  readonly uid?: number;
}

const MAX_NAME = 256;
const MAX_PATH = 512;

/** The end of a text that is too long. */
function lastPart(text: string, length: number): string {
  return text.length <= length ? text : `…${text.slice(1 - length).replace(/^[\udc00-\udfff]/, "")}`;
}

/** The name of a container. */
function containerName(container: ParsedContainer, found: FoundState | null, pod: Pod | undefined): string {
  const below = innerSuffix(container);
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
 * @param isProven the cgroup counts as the container's ({@linkcode ParsedContainer.needsRoot})
 */
export function nameCgroup(parsed: ParsedPath, isProven: boolean, found: FoundState | null): CgroupName {
  const { container, unit, uid } = parsed;
  const common = {
    path: lastPart(parsed.path, MAX_PATH),
    ...(unit === undefined ? {} : { unit: lastPart(unit, MAX_NAME) }),
    ...(uid === undefined ? {} : { uid }),
  };
  if (container === undefined || !isProven || (isGuess(container) && found === null)) {
    return { ...common, name: lastPart(parsed.name, MAX_NAME), kind: parsed.kind };
  }
  const { image, pod: foundPod } = found?.state ?? {};
  // The file of a user can name any pod.
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
