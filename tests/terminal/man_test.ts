/**
 * The man page in groff(1) and mandoc(1).
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktop } from "../support/ktop.ts";

/** Runs a program with the page as standard input. */
async function pipePage(page: string, command: string, args: readonly string[]): Promise<{
  readonly code: number;
  readonly out: string;
  readonly err: string;
}> {
  const child = new Deno.Command(command, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  })
    .spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(page));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("ktop man prints a page that groff and mandoc accept without a warning", async () => {
  const { code, stdout: page } = await ktop(["man"]);
  assert.equal(code, 0);
  const groff = await pipePage(page, "groff", ["-man", "-Tutf8", "-ww", "-P-c"]);
  assert.deepEqual([groff.code, groff.err], [0, ""]);
  // Removes what overstrikes bold and underlined characters.
  // deno-lint-ignore no-control-regex -- backspaces are how grotty -c prints them
  const plain = groff.out.replace(/.\x08/gu, "");
  assert.match(plain, /SYNOPSIS[^]*ktop TOOL \[OPTIONS\] \[INTERVAL \[COUNT\]\]/);
  assert.match(
    plain,
    /What is filling up the disk\?\s+ktop filetop --write-only --sort write_bytes 5/,
  );
  assert.match(plain, /1 … 9\s+Focus the pane/);
  const lint = await pipePage(page, "mandoc", ["-Tlint", "-Wwarning"]);
  assert.deepEqual([lint.code, lint.out], [0, ""]);
});

Deno.test("ktop man takes its date from SOURCE_DATE_EPOCH", async () => {
  const { stdout } = await ktop(["man"], { env: { SOURCE_DATE_EPOCH: "86400" } });
  assert.match(stdout, /^\.TH KTOP 8 1970-01-02 /);
});
