/**
 * The files of a recorded directory.
 *
 * @module
 */
import { shownValue } from "../../text/mod.ts";
import { chunksOf, openFailure } from "../source.ts";

/** A file that is being written. */
export type OpenFile = Pick<Deno.FsFile, "write" | "truncate" | "syncData" | "close">;

/** A file and its size, bytes. */
export interface StoredFile {
  readonly name: string;
  readonly bytes: number;
}

/** A directory, or a fake in memory. Names have no slash. */
export interface SegmentStore {
  /** Name in messages, escaped; ends in a slash. */
  readonly name: string;
  /** The regular files in it. At once, as {@linkcode SegmentStore.head}: a thousand small calls take far longer with a thread for each. */
  list(): readonly StoredFile[];
  /** Creates a new file of mode 0600. Rejects if there is one, or a link. */
  create(name: string): Promise<OpenFile>;
  /** Removes a file; one that is gone is no error. */
  remove(name: string): Promise<void>;
  /** The bytes from an offset. A chunk is valid until the next one is requested. Throws KtopError. */
  read(name: string, offset: number): AsyncGenerator<Uint8Array>;
  /** The first `maxBytes` of a file; null if it cannot be read. */
  head(name: string, maxBytes: number): Uint8Array | null;
}

/** The directory at a path. */
export function directoryStore(path: string): SegmentStore {
  const directory = path.replace(/\/*$/, "/");
  const name = shownValue(directory);
  return {
    name,
    list() {
      const files: StoredFile[] = [];
      for (const entry of Deno.readDirSync(directory)) {
        if (!entry.isFile) continue;
        const size = sizeOf(directory + entry.name);
        if (size !== null) files.push({ name: entry.name, bytes: size });
      }
      return files;
    },
    create: (file) => Deno.open(directory + file, { write: true, createNew: true, mode: 0o600 }),
    async remove(file) {
      try {
        await Deno.remove(directory + file);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    },
    async *read(file, offset) {
      using open = await Deno.open(directory + file).catch((error) => {
        throw openFailure(name + shownValue(file), error);
      });
      await open.seek(offset, Deno.SeekMode.Start);
      yield* chunksOf(open);
    },
    head(file, maxBytes) {
      try {
        using open = Deno.openSync(directory + file);
        const bytes = new Uint8Array(Math.min(maxBytes, open.statSync().size));
        let length = 0;
        while (length < bytes.length) {
          const count = open.readSync(bytes.subarray(length)) ?? 0;
          if (count === 0) break;
          length += count;
        }
        return bytes.subarray(0, length);
      } catch {
        return null;
      }
    },
  };
}

/** Size of a regular file, bytes; null if it is gone or something else. */
function sizeOf(path: string): number | null {
  try {
    const info = Deno.lstatSync(path);
    return info.isFile ? info.size : null;
  } catch {
    return null;
  }
}
