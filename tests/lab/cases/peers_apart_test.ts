import assert from "node:assert/strict";
import { sumFiletop, sumVfsstat } from "./peers_apart.ts";

Deno.test("sumVfsstat() adds the intervals of libbpf-tools' vfsstat and skips the header", () => {
  const output = "TIME         READ/s  WRITE/s  FSYNC/s   OPEN/s CREATE/s\n" +
    "19:22:21:        16       12        0        9        0\n" +
    "19:22:22:       129      129        0      265       31\n";
  assert.deepEqual(sumVfsstat(output), [145, 141, 0, 274, 31]);
});

Deno.test("sumFiletop() adds the rows of one file and skips other files and headers", () => {
  const output = "19:24:03 loadavg: 0.00 0.00 0.00 1/54 133\n\n" +
    "TID     COMM             READS  WRITES R_Kb    W_Kb    T FILE\n" +
    "127     rw               714    1316   2032    4065    R rw.dat\n" +
    "127     rw               1      2      3       4       R other\n" +
    "127     rw               2      1      0       1       R rw.dat\n";
  assert.deepEqual(sumFiletop(output, "rw.dat"), [716, 1317, 2032, 4066]);
});
