/**
 * The Debian packages the lab takes kernels and peers from: pinned in `kernels.json` by version and SHA-256, fetched once
 * into `.deno/lab`, which git ignores.
 *
 * @module
 */
import pins from "./kernels.json" with { type: "json" };

/** One pinned package and the files the lab takes from it. */
export interface Pin {
  /** What the lab calls it: "6.1". */
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** Debian release, for whoever refreshes the pin. */
  readonly suite: string;
  /** Path below a mirror. */
  readonly path: string;
  /** SHA-256 of the package, in hexadecimal. */
  readonly sha256: string;
  /** Name in the cache → path inside the package. */
  readonly files: Readonly<Record<string, string | undefined>>;
}

/** The kernels, oldest first. */
export const kernels: readonly Pin[] = pins.kernels;
/** The package with the tools to compare with. */
export const peers: Pin = pins.peers;

/** Something the lab needs is not there; the message says what to do. */
export class LabError extends Error {
  override name = "LabError";
}

/** Fetches a package's bytes from one mirror. */
export type Fetch = (url: string) => Promise<Uint8Array>;

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How to change a pin, for messages. */
export function howToRefresh(pin: Pin): string {
  return `To refresh the pin, put Package, Version, Filename and SHA256, as "apt-cache show" prints them for a newer ` +
    `package of ${pin.suite}, into tests/lab/kernels.json (now ${pin.package} ${pin.version}).`;
}

/**
 * The package's bytes from the first mirror that has it. Throws {@linkcode LabError} when none has it, or when what came
 * is not what was pinned.
 */
export async function download(pin: Pin, fetchBytes: Fetch): Promise<Uint8Array> {
  const failures: string[] = [];
  for (const mirror of pins.mirrors) {
    const url = mirror + pin.path;
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
    `the package ${pin.package} ${pin.version} (${pin.name}) is on no mirror. ${howToRefresh(pin)}\n  ${
      failures.join("\n  ")
    }`,
  );
}

/** The directory that holds the files of a pin: fetched and unpacked when one of them is not there. */
export async function provide(pin: Pin, cache: string): Promise<string> {
  const directory = `${cache}/${pin.name}-${pin.version}-${pin.sha256.slice(0, 12)}`;
  const there = await Promise.all(Object.keys(pin.files).map((name) => exists(`${directory}/${name}`)));
  if (there.every(Boolean)) return directory;
  console.error(`lab: fetching ${pin.package} ${pin.version}`);
  const bytes = await download(pin, fetchOverHttp);
  const temporary = await Deno.makeTempDir({ dir: cache });
  await Deno.writeFile(`${temporary}/package.deb`, bytes);
  const tar = await run("dpkg-deb", ["--fsys-tarfile", `${temporary}/package.deb`]);
  await Deno.writeFile(`${temporary}/package.tar`, tar);
  for (const [name, path] of Object.entries(pin.files)) {
    await Deno.writeFile(
      `${temporary}/${name}`,
      await run("tar", ["-xOf", `${temporary}/package.tar`, path!]),
      {
        mode: 0o755,
      },
    );
  }
  await Deno.remove(`${temporary}/package.deb`);
  await Deno.remove(`${temporary}/package.tar`);
  if (await exists(directory)) await Deno.remove(directory, { recursive: true });
  await Deno.rename(temporary, directory);
  return directory;
}

/** Whether a path exists. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The standard output of a command. Throws {@linkcode LabError} with what it said when it fails or is missing. */
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

async function fetchOverHttp(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`HTTP ${response.status}`);
  }
  return await response.bytes();
}
