/**
 * Temporary directories that end with a scope.
 *
 * @module
 */

/** A temporary directory; `await using` removes it with all that is in it. */
export class TemporaryDirectory implements AsyncDisposable {
  private constructor(readonly path: string) {}

  /** Makes one whose name starts with `prefix`, in `dir` or in /tmp. */
  static async make(prefix = "ktop-test-", dir?: string): Promise<TemporaryDirectory> {
    return new TemporaryDirectory(await Deno.makeTempDir({ prefix, dir }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
