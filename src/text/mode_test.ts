import assert from "node:assert/strict";
import { modeName } from "./mode.ts";

Deno.test("modeName() writes permissions as ls does", () => {
  const names = ["0644", "0755", "0000", "4755", "2644", "1777", "1666", "7000"].map(modeName);
  assert.deepEqual(names, [
    "rw-r--r--",
    "rwxr-xr-x",
    "---------",
    "rwsr-xr-x",
    "rw-r-Sr--",
    "rwxrwxrwt",
    "rw-rw-rwT",
    "--S--S--T",
  ]);
});

Deno.test("modeName() has no name for what is not octal", () => {
  assert.deepEqual(["", "0888", "rw-", "0644 "].map(modeName), [null, null, null, null]);
});
