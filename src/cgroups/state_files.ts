/**
 * Finds the state file of a container, in the runtimes' default directories; in another one it is not found, and the container is
 * named after its id.
 *
 * A system's containers are described only by files of root, a user's only by files of that user below the home directory. Files
 * are bounded in size; without a readable one the container is named after its id.
 *
 * @module
 */
import { type ContainerState, parseDocker, parseOci, parseStorage } from "./container_state.ts";
import { type CgroupFiles, ROOT, type StateFile } from "./files.ts";
import type { ParsedContainer, Runtime } from "./path_names.ts";

const DOCKER = "/var/lib/docker/containers";
/** containerd's state, also as k3s and k0s configure it. */
const CONTAINERD = ["/run/containerd", "/run/k3s/containerd", "/run/k0s/containerd"];
/** The namespaces of the kubelet, and of ctr and nerdctl. */
const CONTAINERD_NAMESPACES = ["k8s.io", "default"];
const CRIO = ["/run/containers/storage/overlay-containers", "/var/lib/containers/storage/overlay-containers"];
const STORAGE = "/var/lib/containers/storage/overlay-containers";
/** The second lists containers that are removed when they end (podman run --rm). */
const STORAGE_LISTS = ["containers.json", "volatile-containers.json"];

const CONTAINER_ID = /^[0-9a-f]{64}$/;

/** One container's: tens of kilobytes in practice. */
const MAX_STATE_BYTES = 1 << 20;
/** A list has one or two kilobytes per container. */
const MAX_LIST_BYTES = 4 << 20;
const MAX_USER_BYTES = 256 << 10;
/** Read per user and second: a user can change the files for every new cgroup. */
const USER_BYTES_PER_SECOND = 512 << 10;
/** Users whose bytes are counted; with more, all counts are reset. */
const MAX_USERS = 256;
/** Parsed lists to keep: the system's two and those of a few users. */
const MAX_LISTS = 16;

interface List {
  readonly identity: string;
  readonly states: ReadonlyMap<string, ContainerState>;
}

/** A container's state and which runtime has it. */
export interface FoundState {
  readonly runtime: Runtime;
  readonly state: ContainerState;
}

/** The state files of all runtimes. */
export class StateFiles {
  readonly #files: CgroupFiles;
  /** By path, the one that was parsed last at the end. */
  readonly #lists = new Map<string, List>();
  /** Bytes read by user. */
  readonly #userBytes = new Map<number, number>();
  #userBytesSince = -Infinity;

  constructor(files: CgroupFiles) {
    this.#files = files;
  }

  /** Whether there are state files of such containers, which may not have been written yet. */
  mayDescribe({ runtime, id }: ParsedContainer, uid: number | undefined): boolean {
    return CONTAINER_ID.test(id) && (uid === undefined || runtime === "docker" || runtime === "podman");
  }

  /**
   * @param uid the user whose container it is; undefined: it is the system's
   * @returns null if no state file describes it
   */
  find({ runtime, id }: ParsedContainer, uid: number | undefined): FoundState | null {
    if (!CONTAINER_ID.test(id)) return null;
    if (uid !== undefined) return this.#ofUser(runtime, id, uid);
    // podman's last: its storage also lists CRI-O's containers.
    for (const candidate of runtime === null ? RUNTIMES_BY_ID : [runtime]) {
      const state = this.#ofSystem(candidate, id);
      // podman has files where CRI-O has them, without a pod.
      const isOther = runtime === null && candidate === "crio" && state?.pod === undefined;
      if (state !== null && !isOther) return { runtime: candidate, state };
    }
    return null;
  }

  #ofSystem(runtime: Runtime, id: string): ContainerState | null {
    if (runtime === "docker") return this.#one(DOCKER, `${id}/config.v2.json`, parseDocker);
    if (runtime === "podman") return this.#listed(STORAGE, "", id, ROOT);
    const paths = runtime === "containerd"
      ? CONTAINERD.flatMap((root) =>
        CONTAINERD_NAMESPACES.map((namespace) =>
          [`${root}/io.containerd.runtime.v2.task`, `${namespace}/${id}/config.json`] as const
        )
      )
      : runtime === "crio"
      ? CRIO.map((root) => [root, `${id}/userdata/config.json`] as const)
      : [];
    for (const [root, path] of paths) {
      const state = this.#one(root, path, parseOci);
      if (state !== null) return state;
    }
    return null;
  }

  #ofUser(runtime: Runtime | null, id: string, uid: number): FoundState | null {
    const home = runtime === "docker" || runtime === "podman" ? this.#files.homeOf(uid) : null;
    if (runtime === null || home === null) return null;
    const state = runtime === "docker"
      ? this.#one(home, `.local/share/docker/containers/${id}/config.v2.json`, parseDocker, uid)
      : this.#listed(home, ".local/share/containers/storage/overlay-containers/", id, uid);
    return state && { runtime, state };
  }

  #one(
    root: string,
    path: string,
    parse: (text: string) => ContainerState | null,
    owner = ROOT,
  ): ContainerState | null {
    const file = this.#read(root, path, { owner, max: MAX_STATE_BYTES });
    return file === null || file === "unchanged" ? null : parse(file.text);
  }

  #read(
    root: string,
    path: string,
    { owner, max, known }: {
      readonly owner: number;
      readonly max: number;
      readonly known?: string | undefined;
    },
  ): StateFile | "unchanged" | null {
    const file = this.#files.state(root, path, { owner, maxBytes: this.#maxBytes(owner, max), known });
    if (file !== null && file !== "unchanged" && owner !== ROOT) {
      this.#userBytes.set(owner, (this.#userBytes.get(owner) ?? 0) + file.size);
    }
    return file;
  }

  /** How many bytes a file of this owner may have now. */
  #maxBytes(owner: number, max: number): number {
    if (owner === ROOT) return max;
    const now = this.#files.now();
    if (now - this.#userBytesSince >= 1000 || this.#userBytes.size >= MAX_USERS) {
      this.#userBytesSince = now;
      this.#userBytes.clear();
    }
    return Math.min(MAX_USER_BYTES, USER_BYTES_PER_SECOND - (this.#userBytes.get(owner) ?? 0));
  }

  /** The container in the lists of containers-storage. */
  #listed(root: string, directory: string, id: string, owner: number): ContainerState | null {
    for (const name of STORAGE_LISTS) {
      const state = this.#list(root, `${directory}${name}`, owner)?.states.get(id);
      if (state !== undefined) return state;
    }
    return null;
  }

  #list(root: string, path: string, owner: number): List | null {
    const key = `${root}/${path}`;
    const known = this.#lists.get(key);
    const file = this.#read(root, path, { owner, max: MAX_LIST_BYTES, known: known?.identity });
    if (file === "unchanged") return known!;
    this.#lists.delete(key);
    if (file === null) return null;
    const list = { identity: file.identity, states: parseStorage(file.text) };
    this.#lists.set(key, list);
    const [oldest] = this.#lists.keys();
    if (this.#lists.size > MAX_LISTS) this.#lists.delete(oldest!);
    return list;
  }
}

/** The runtimes whose containers have ids of 64 digits, in the order of the search. */
const RUNTIMES_BY_ID: readonly Runtime[] = ["docker", "containerd", "crio", "podman"];
