/**
 * Compresses files with zlib (RFC 1950): `compress.ts DIRECTORY FILE…` writes DIRECTORY/NAME.z for each FILE. The same bytes each time.
 *
 * @module
 */
import { basename, join } from "node:path";
import { deflateSync } from "node:zlib";

const [directory, ...files] = Deno.args;
for (const file of files) {
  const path = join(directory!, `${basename(file)}.z`);
  Deno.writeFileSync(`${path}.new`, deflateSync(Deno.readFileSync(file), { level: 9 }));
  Deno.renameSync(`${path}.new`, path);
}
