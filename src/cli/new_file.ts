/**
 * A new file that a command writes at its end.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import { checkNewPath, createFailure, type StandardOutput, writeFailure } from "../output/mod.ts";
import { shownValue } from "../text/mod.ts";

/**
 * A file of mode 0600 that is created at once, so that a wrong path is reported before anything is measured; or standard output, for
 * the path `-`. If nothing was written to the file, closing removes it.
 */
export class NewFile {
  readonly #path: string;
  #file: Deno.FsFile | null = null;
  #isWritten = false;

  /**
   * @param option how the path was given, for messages: "--flame"
   * @throws {UsageError} the path is empty, or begins as an option does
   * @throws {KtopError} the file exists, or cannot be created
   */
  constructor(path: string, option: string) {
    this.#path = path;
    checkNewPath(path, { option });
    if (path === "-") return;
    try {
      this.#file = Deno.openSync(path, { write: true, createNew: true, mode: 0o600 });
    } catch (error) {
      throw createFailure(path, error);
    }
  }

  /** Writes the whole content. @throws {KtopError} */
  async write(text: string, output: StandardOutput): Promise<void> {
    if (this.#file === null) return await output.write(text);
    const bytes = new TextEncoder().encode(text);
    try {
      for (let sent = 0; sent < bytes.length;) sent += await this.#file.write(bytes.subarray(sent));
    } catch (error) {
      throw new KtopError(`Cannot write ${shownValue(this.#path)}: ${writeFailure(error)}.`, {
        cause: error,
      });
    }
    this.#isWritten = true;
  }

  /** May be called twice. */
  close(): void {
    if (this.#file === null) return;
    this.#file.close();
    this.#file = null;
    if (this.#isWritten) return;
    try {
      Deno.removeSync(this.#path);
    } catch {
      // It stays, empty: this process has given up the capability to remove it, or something else has removed it.
    }
  }
}
