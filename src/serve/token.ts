/**
 * The bearer token of `--token-file` (RFC 6750).
 *
 * @module
 */
import { KtopError, reasonOf } from "../errors.ts";
import { shownValue } from "../text/mod.ts";

/** Characters of a token, and how many. Shorter ones can be guessed. */
const TOKEN = /^[A-Za-z0-9._~+/-]{16,1024}={0,2}$/;

/** Longest file that is read, bytes. */
const MAX_FILE = 4096;

/** Bits of st_mode: readable or writable by users outside the group. */
const OPEN_TO_OTHERS = 0o006;

/** Reads the token of a file, without white space around it. Throws KtopError. */
export function readToken(path: string): string {
  const name = shownValue(path);
  let text: string;
  try {
    // Opening a FIFO would wait for a writer.
    if (!Deno.statSync(path).isFile) throw new KtopError(`The token file ${name} is not a regular file.`);
    using file = Deno.openSync(path);
    const { mode } = file.statSync();
    if (((mode ?? 0) & OPEN_TO_OTHERS) !== 0) {
      throw new KtopError(`Other users can read or write the token file ${name}.`, {
        remedy: `Run chmod o-rw ${name}.`,
      });
    }
    const bytes = new Uint8Array(MAX_FILE);
    text = new TextDecoder().decode(bytes.subarray(0, file.readSync(bytes) ?? 0)).trim();
  } catch (error) {
    if (error instanceof KtopError) throw error;
    throw new KtopError(`Cannot read the token file ${name}: ${reasonOf(error)}.`, { cause: error });
  }
  if (!TOKEN.test(text)) {
    throw new KtopError(
      `The token file ${name} has no token: 16 to 1024 of the characters A-Z a-z 0-9 . _ ~ + / -`,
      {
        remedy: `Make one: head -c 32 /dev/urandom | base64 > ${name}.`,
      },
    );
  }
  return text;
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** Whether two digests are equal, in a time that does not depend on where they differ. */
function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.reduce((difference, byte, i) => difference | (byte ^ other[i]!), 0) === 0;
}

/** Makes the check of the header `Authorization`. It compares digests, so that its time depends on the given token alone. */
export async function tokenCheck(token: string): Promise<(authorization: string) => Promise<boolean>> {
  const expected = await digestOf(token);
  return async (authorization) => {
    const given = /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";
    return areEqual(await digestOf(given), expected);
  };
}
