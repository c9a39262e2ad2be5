/**
 * The Debian packages with the lab's kernels and peers: pinned in `kernels.json` by pool path, version and SHA-256, fetched
 * once from the mirrors of this machine's apt configuration into `.deno/lab`, which git ignores.
 *
 * @module
 */
import pins from "./kernels.json" with { type: "json" };

/** One pinned package and the files the lab takes from it. */
export interface Pin {
  /** Name in the lab: "6.1". */
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** Debian release of the package. */
  readonly suite: string;
  /** Path below a mirror. */
  readonly path: string;
  /** SHA-256 of the package, in hexadecimal. */
  readonly sha256: string;
  /** Name in the cache → path inside the package. */
  readonly files: Readonly<Record<string, string | undefined>>;
}

/** The architectures of guests, as `uname -m` names them. */
export type Architecture = "x86_64" | "aarch64";

/** The package of a kernel. */
export interface KernelPin extends Pin {
  readonly machine: Architecture;
}

/** The kernels of each architecture, oldest first. */
export const kernels: readonly KernelPin[] = pins.kernels as KernelPin[];
/** The package with the tools to compare with. */
export const peers: Pin = pins.peers;
/** The same package for arm64 guests. */
export const arm64Peers: Pin = pins.arm64_peers;
/** Packages with programs and libraries of arm64 guests; x86-64 guests have those of this machine. */
export const arm64Tools: readonly Pin[] = pins.arm64_tools;

/** The architecture of a kernel: of "native" that of this machine. */
export function architectureOf(kernel: string): Architecture {
  return kernels.find(({ name }) => name === kernel)?.machine ?? Deno.build.arch;
}

/** The version of a kernel, by its name: of "arm64-6.1" it is "6.1". */
export function versionOf(kernel: string): string {
  return kernel.replace(/^arm64-/, "");
}

/** Something that the lab needs is missing; the message explains how to provide it. */
export class LabError extends Error {
  override name = "LabError";
}

/** Fetches a package's bytes from one mirror. */
export type Fetch = (url: string) => Promise<Uint8Array>;

/** The variable that names mirrors instead of apt's: base URLs, separated by spaces. */
export const MIRRORS_VARIABLE = "KTOP_DEBIAN_MIRRORS";

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How to change a pin, for messages. */
export function howToRefresh(pin: Pin): string {
  return `To refresh the pin, copy Package, Version, Filename and SHA256 of a newer package of ${pin.suite}, as ` +
    `"apt-cache show" prints them, into tests/lab/kernels.json (now ${pin.package} ${pin.version}).`;
}

/** The base URLs in a list separated by white space, each once and with a slash at its end; other lines are left out. */
export function baseUrls(list: string): string[] {
  const urls = list.split(/\s+/).filter((url) => /^https?:\/\//.test(url)).map((url) =>
    url.replace(/\/*$/, "/")
  );
  return [...new Set(urls)];
}

/** Debian mirrors, in the order of trying: those of the variable, else those of apt's configuration. */
export async function mirrors(): Promise<string[]> {
  const named = baseUrls(Deno.env.get(MIRRORS_VARIABLE) ?? "");
  if (named.length > 0) return named;
  // Without --no-release-info apt leaves out mirrors whose package lists it has not fetched.
  const targets = await run("apt-get", ["indextargets", "--no-release-info", "--format", "$(REPO_URI)"]);
  return baseUrls(new TextDecoder().decode(targets));
}

/**
 * The package's bytes from the first mirror that has it. Throws {@linkcode LabError} when none has it, or when the bytes
 * have another checksum.
 */
export async function download(pin: Pin, bases: readonly string[], fetchBytes: Fetch): Promise<Uint8Array> {
  const failures: string[] = [];
  for (const base of bases) {
    const url = base + pin.path;
    const bytes = await fetchBytes(url).catch((error: Error) => {
      failures.push(`${url}: ${error.message}`);
      return null;
    });
    if (bytes === null) continue;
    const found = await sha256(bytes);
    if (found === pin.sha256) return bytes;
    throw new LabError(
      `${url} has the SHA-256 ${found}, but kernels.json pins ${pin.sha256}. ${howToRefresh(pin)}`,
    );
  }
  throw new LabError(
    [
      `the package ${pin.package} ${pin.version} (${pin.name}) is on no mirror that is configured. Set ${MIRRORS_VARIABLE} ` +
      `to the base URL of a mirror that has it, for example of an archive of old packages. ${
        howToRefresh(pin)
      }`,
      ...failures,
    ].join("\n  "),
  );
}

/** The directory with the files of a pin, fetched and unpacked if any of them is missing. */
export async function provide(pin: Pin, cache: string): Promise<string> {
  const directory = `${cache}/${pin.name}-${pin.version}-${pin.sha256.slice(0, 12)}`;
  const complete = async (): Promise<boolean> => {
    const found = await Promise.all(Object.keys(pin.files).map((name) => exists(`${directory}/${name}`)));
    return found.every(Boolean);
  };
  if (await complete()) return directory;
  console.error(`lab: fetching ${pin.package} ${pin.version}`);
  const bytes = await download(pin, await mirrors(), fetchOverHttp);
  const temporary = await Deno.makeTempDir({ dir: cache });
  try {
    await unpack(bytes, pin, temporary);
    // Another lab may have put it there in the meantime, and may be using it.
    if (await complete()) return directory;
    if (await exists(directory)) await Deno.remove(directory, { recursive: true });
    await Deno.rename(temporary, directory);
  } finally {
    if (await exists(temporary)) await Deno.remove(temporary, { recursive: true });
  }
  return directory;
}

/** Writes the files of a pin, taken from the package, to a directory. */
async function unpack(bytes: Uint8Array, pin: Pin, directory: string): Promise<void> {
  const deb = `${directory}/package.deb`, archive = `${directory}/package.tar`;
  await Deno.writeFile(deb, bytes);
  await Deno.writeFile(archive, await run("dpkg-deb", ["--fsys-tarfile", deb]));
  for (const [name, path] of Object.entries(pin.files)) {
    await Deno.writeFile(`${directory}/${name}`, await run("tar", ["-xOf", archive, path!]), { mode: 0o755 });
  }
  await Deno.remove(deb);
  await Deno.remove(archive);
}

/** Whether a path exists. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The standard output of a command. Throws {@linkcode LabError} with its error output when it fails or is missing. */
export async function run(command: string, args: string[]): Promise<Uint8Array> {
  let result: Deno.CommandOutput;
  try {
    result = await new Deno.Command(command, { args, stderr: "piped" }).output();
  } catch (error) {
    throw new LabError(`${command} cannot be run: ${(error as Error).message}`);
  }
  if (!result.success) {
    throw new LabError(`${command} ${args.join(" ")}: ${new TextDecoder().decode(result.stderr).trim()}`);
  }
  return result.stdout;
}

/** Fetches from one mirror, and once more when the connection or the server fails. */
async function fetchOverHttp(url: string): Promise<Uint8Array> {
  try {
    return await fetchOnce(url);
  } catch (error) {
    if (/HTTP 4/.test((error as Error).message)) throw error;
    return await fetchOnce(url);
  }
}

async function fetchOnce(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(600_000) });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`HTTP ${response.status}`);
  }
  return await response.bytes();
}
