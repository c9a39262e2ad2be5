/**
 * Lock files made from deno.lock, printed on standard output.
 *
 *     locks.ts program            only the packages that the program imports
 *     locks.ts archives REGISTRY  every package, with the URL of its archive at this registry
 *
 * @module
 */

/** What these functions use of a lock file, version 5. */
export interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<
    Record<
      string,
      { readonly integrity?: string; readonly dependencies?: readonly string[]; readonly tarball?: string }
    >
  >;
  /** The imports of deno.json. */
  readonly workspace: { readonly dependencies: readonly string[] };
}

/** "@scope/name@1.0.0" → "@scope/name", "1.0.0" */
function split(id: string): { name: string; version: string } {
  const at = id.lastIndexOf("@");
  return { name: id.slice(0, at), version: id.slice(at + 1) };
}

/**
 * The lock file of the program: the imports of deno.json and what these depend on. Tests import their own packages by
 * full specifier, so that `deno compile`, which embeds every package of its lock file, leaves them out.
 */
export function programLock(lock: Lock): Lock {
  const specifiers = Object.entries(lock.specifiers).filter(([name]) =>
    lock.workspace.dependencies.includes(name)
  );
  const ids = new Set(
    specifiers.map(([specifier, version]) => `${split(specifier.slice(4)).name}@${version}`),
  );
  for (const id of ids) {
    // A dependency has no version if the lock file has only one of the package.
    for (const dependency of lock.npm[id]?.dependencies ?? []) {
      const full = dependency in lock.npm
        ? dependency
        : Object.keys(lock.npm).find((key) => split(key).name === dependency);
      ids.add(full ?? dependency);
    }
  }
  const packages = Object.entries(lock.npm).filter(([id]) => ids.has(id));
  return { ...lock, specifiers: Object.fromEntries(specifiers), npm: Object.fromEntries(packages) };
}

/**
 * The lock file with the archives' URLs. Without them Deno fetches archives from the default registry, whatever registry
 * npm is configured with.
 */
export function archiveLock(lock: Lock, registry: string): Lock {
  const base = registry.replace(/\/+$/, "");
  const packages = Object.entries(lock.npm).map(([id, entry]) => {
    const { name, version } = split(id);
    return [id, { ...entry, tarball: `${base}/${name}/-/${name.replace(/^.*\//, "")}-${version}.tgz` }];
  });
  return { ...lock, npm: Object.fromEntries(packages) };
}

if (import.meta.main) {
  const [kind, registry] = Deno.args;
  const lock: Lock = JSON.parse(Deno.readTextFileSync(new URL("../../deno.lock", import.meta.url)));
  console.log(JSON.stringify(kind === "program" ? programLock(lock) : archiveLock(lock, registry!), null, 2));
}
