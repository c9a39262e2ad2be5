/**
 * What the state files of container runtimes say about a container: their JSON, which is untrusted. Pure; nothing throws.
 *
 * @module
 */
import { escapeText } from "../text/mod.ts";

/** A pod of Kubernetes. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** A container, every text escaped and bounded. */
export interface ContainerState {
  /** In a pod the name that its specification gives the container. */
  readonly name?: string;
  readonly image?: string;
  readonly pod?: Pod;
}

/** Longer texts are not names: Kubernetes and the image specification stop at 255. */
const MAX_TEXT = 256;
/** CRI-O's name for the container that holds a pod's namespaces. */
const SANDBOX = "POD";

type Json = { readonly [key: string]: unknown };

/** Levels of objects and lists; state files have about ten. V8 needs 4 µs for each level, 4 s for a megabyte of brackets. */
const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function isDeep(text: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isQuoted = !isQuoted;
    else if (isQuoted) at += code === BACKSLASH ? 1 : 0;
    // The brackets differ in these bits: [ { and ] }.
    else if ((code & 0xdf) === 0x5b && ++depth > MAX_DEPTH) return true;
    else if ((code & 0xdf) === 0x5d) depth--;
  }
  return false;
}

function parse(text: string): unknown {
  if (isDeep(text)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? value as Json : {};
}

/** A text of the file, escaped; undefined if it is none or cannot be a name. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= MAX_TEXT
    ? escapeText(value)
    : undefined;
}

function state(
  name: string | undefined,
  image: string | undefined,
  pod: Pod | undefined,
): ContainerState | null {
  if (name === undefined && image === undefined && pod === undefined) return null;
  return {
    ...(name === undefined ? {} : { name }),
    ...(image === undefined ? {} : { image }),
    ...(pod === undefined ? {} : { pod }),
  };
}

function podOf(namespace: unknown, name: unknown, uid: unknown): Pod | undefined {
  const [escapedNamespace, escapedName] = [textOf(namespace), textOf(name)];
  return escapedNamespace === undefined || escapedName === undefined
    ? undefined
    : { namespace: escapedNamespace, name: escapedName, uid: textOf(uid) ?? "" };
}

/** The pod and the container's name in it, from the labels or annotations that the kubelet has the runtime add. */
function kubernetes(labels: Json): { readonly pod?: Pod; readonly name?: string } {
  const pod = podOf(
    labels["io.kubernetes.pod.namespace"],
    labels["io.kubernetes.pod.name"],
    labels["io.kubernetes.pod.uid"],
  );
  if (pod === undefined) return {};
  const name = textOf(labels["io.kubernetes.container.name"]);
  return name === undefined || name === SANDBOX ? { pod } : { pod, name };
}

/** Docker: /var/lib/docker/containers/ID/config.v2.json. */
export function parseDocker(text: string): ContainerState | null {
  const container = object(parse(text));
  const config = object(container["Config"]);
  const name = container["Name"];
  const { pod, name: podName } = kubernetes(object(config["Labels"]));
  const own = textOf(typeof name === "string" ? name.replace(/^\//, "") : undefined);
  return state(pod ? podName : own, textOf(config["Image"]), pod);
}

/** The OCI configuration of containerd and CRI-O: config.json, whose annotations name the container. */
export function parseOci(text: string): ContainerState | null {
  const annotations = object(object(parse(text))["annotations"]);
  const ofCri = podOf(
    annotations["io.kubernetes.cri.sandbox-namespace"],
    annotations["io.kubernetes.cri.sandbox-name"],
    annotations["io.kubernetes.cri.sandbox-uid"],
  );
  if (ofCri) {
    return state(
      textOf(annotations["io.kubernetes.cri.container-name"]),
      textOf(annotations["io.kubernetes.cri.image-name"]),
      ofCri,
    );
  }
  const { pod, name } = kubernetes(annotations);
  return state(
    pod ? name : textOf(annotations["nerdctl/name"]),
    textOf(annotations["io.kubernetes.cri-o.ImageName"]),
    pod,
  );
}

/** containers-storage, which podman uses: containers.json, a list of all containers. By id. */
export function parseStorage(text: string): ReadonlyMap<string, ContainerState> {
  const states = new Map<string, ContainerState>();
  const list = parse(text);
  for (const entry of Array.isArray(list) ? list.map(object) : []) {
    const names = entry["names"];
    const metadata = entry["metadata"];
    const name = textOf(Array.isArray(names) ? names[0] : undefined);
    const image = textOf(object(parse(typeof metadata === "string" ? metadata : ""))["image-name"]);
    const found = state(name, image, undefined);
    if (found !== null && typeof entry["id"] === "string") states.set(entry["id"], found);
  }
  return states;
}
