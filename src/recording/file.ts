/**
 * The file of a recording: new, readable by its owner alone, whole after each write.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import { escapeText } from "../text/mod.ts";
import { StandardOutput } from "../output/stdout.ts";

/** Where a recording goes. */
export interface RecordingSink {
  /** Bytes written so far. */
  readonly bytes: number;
  /** Writes whole lines; when it resolves, they survive the end of this process. Throws KtopError, and what was whole before remains. */
  write(text: string): Promise<void>;
  /** Ends the file. May be called twice. */
  close(): Promise<void>;
}

/** Turns lines into the bytes of the file. */
interface Encoding {
  /** Bytes from which all lines so far can be read. */
  encode(text: string): Promise<Uint8Array>;
  /** What ends the file. */
  end(): Promise<Uint8Array>;
}

const encoder = new TextEncoder();

const plain: Encoding = {
  encode: (text) => Promise.resolve(encoder.encode(text)),
  end: () => Promise.resolve(new Uint8Array()),
};

/** gzip, flushed after each write (Z_SYNC_FLUSH): a file that was cut off can be read up to there. */
async function gzip(): Promise<Encoding> {
  const { constants, createGzip } = await import("node:zlib");
  const stream = createGzip();
  let made: Uint8Array[] = [];
  stream.on("data", (bytes: Uint8Array) => made.push(bytes));
  const take = (): Uint8Array => {
    const out = new Uint8Array(made.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of made) {
      out.set(part, at);
      at += part.length;
    }
    made = [];
    return out;
  };
  return {
    encode: (text) =>
      new Promise((resolve) => {
        stream.write(encoder.encode(text));
        stream.flush(constants.Z_SYNC_FLUSH, () => resolve(take()));
      }),
    end: () =>
      new Promise((resolve) => {
        stream.once("end", () => resolve(take()));
        stream.end();
      }),
  };
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "files here may not grow larger",
  EROFS: "the file system is read-only",
  ENOENT: "its directory does not exist",
  EACCES: "this user may not write there",
};

function why(error: unknown): string {
  const code = (error as { code?: string }).code ?? "";
  return CAUSES[code] ?? (error instanceof Error ? error.message : String(error));
}

class RecordingFile implements RecordingSink {
  bytes = 0;
  readonly #name: string;
  readonly #file: Deno.FsFile;
  readonly #encoding: Encoding;
  #closed = false;

  constructor(name: string, file: Deno.FsFile, encoding: Encoding) {
    this.#name = name;
    this.#file = file;
    this.#encoding = encoding;
  }

  async write(text: string): Promise<void> {
    await this.#append(await this.#encoding.encode(text));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#append(await this.#encoding.end());
    this.#closed = true;
    this.#file.close();
  }

  async #append(bytes: Uint8Array): Promise<void> {
    if (this.#closed) return;
    try {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
      this.bytes += bytes.length;
    } catch (error) {
      this.#closed = true;
      await this.#file.truncate(this.bytes).catch(() => {}); // where even this fails, the reader leaves the rest out
      this.#file.close();
      throw new KtopError(
        `${this.#name} cannot be written: ${why(error)}. What was recorded until then can be replayed.`,
        { cause: error },
      );
    }
  }
}

/** Standard output: what reads it may go at any time. */
class RecordingPipe implements RecordingSink {
  bytes = 0;
  readonly #output: StandardOutput;

  constructor(onClosed: () => void) {
    this.#output = new StandardOutput(onClosed);
  }

  async write(text: string): Promise<void> {
    await this.#output.write(text);
    this.bytes += encoder.encode(text).length;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** How a recording's file is made. */
export interface RecordingFileOptions {
  /** Take the place of a file that exists. */
  readonly force: boolean;
  /** Called when the reader of standard output has gone. */
  readonly onClosed: () => void;
}

/** Throws KtopError where a recording would not be begun: so that this is said before anything is attached. */
export function checkRecordingPath(path: string, force: boolean): void {
  if (path === "-") return;
  const name = escapeText(path);
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return; // a missing directory is said when the file is made
    throw new KtopError(`${name} cannot be made: ${why(error)}.`, { cause: error });
  }
  if (!info.isFile && !info.isSymlink) throw new KtopError(`${name} exists and is no file.`);
  if (!force) throw new KtopError(`${name} exists.`, { remedy: "--force replaces it." });
}

/**
 * Makes the file; gzip where its name ends in .gz; `-` is standard output. The file is new (O_CREAT with O_EXCL follows no
 * symbolic link) and of mode 0600, for it holds names from the whole machine.
 *
 * @throws KtopError
 */
export async function createRecording(path: string, options: RecordingFileOptions): Promise<RecordingSink> {
  if (path === "-") return new RecordingPipe(options.onClosed);
  checkRecordingPath(path, options.force);
  const name = escapeText(path);
  const encoding = path.endsWith(".gz") ? await gzip() : plain;
  try {
    if (options.force) await removeIfThere(path);
    return new RecordingFile(
      name,
      await Deno.open(path, { write: true, createNew: true, mode: 0o600 }),
      encoding,
    );
  } catch (error) {
    throw new KtopError(`${name} cannot be made: ${why(error)}.`, { cause: error });
  }
}

/** Removes the name, never what a link points to. */
async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
