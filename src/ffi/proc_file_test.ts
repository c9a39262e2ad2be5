import assert from "node:assert/strict";
import { type PositionedReader, ProcFile } from "./proc_file.ts";

/** Files by path; a text of "" cannot be read. Records each call. `step`: the largest number of bytes that one read returns. */
function fakeFiles(files: Record<string, string>, step = Infinity) {
  const calls: string[] = [];
  const open = (path: string): PositionedReader | null => {
    calls.push("open");
    if (!(path in files)) return null;
    return {
      read(buffer, offset) {
        calls.push(`read ${offset}`);
        if (files[path] === "") return -1;
        const rest = new TextEncoder().encode(files[path]).subarray(offset);
        const bytes = rest.subarray(0, Math.min(step, buffer.length));
        buffer.set(bytes);
        return bytes.length;
      },
      close: () => void calls.push("close"),
    };
  };
  return { files, open, taken: () => calls.splice(0) };
}

Deno.test("ProcFile.read() opens the file once and then takes one read for each reading", () => {
  const { files, open, taken } = fakeFiles({ "/proc/loadavg": "0.1\n" });
  const file = new ProcFile("/proc/loadavg", open);
  assert.equal(file.read(), "0.1\n");
  assert.deepEqual(taken(), ["open", "read 0"]);
  files["/proc/loadavg"] = "0.25\n";
  assert.equal(file.read(), "0.25\n");
  assert.equal(file.read(), "0.25\n");
  assert.deepEqual(taken(), ["read 0", "read 0"]);
  file.close();
  file.close();
  assert.equal(file.read(), "0.25\n");
  assert.deepEqual(taken(), ["close", "open", "read 0"]);
});

Deno.test("ProcFile.read() reads a file that has grown beyond the buffer, and one that comes a page at a time", () => {
  const { files, open, taken } = fakeFiles({ "/proc/diskstats": "short\n" });
  const file = new ProcFile("/proc/diskstats", open);
  assert.equal(file.read(), "short\n");
  taken();
  const long = files["/proc/diskstats"] = "é".repeat(60_001);
  assert.equal(file.read(), long);
  assert.ok(taken().length > 1);
  assert.equal(file.read(), long);
  assert.deepEqual(taken(), ["read 0", "read 120002"], "the buffer has grown");
  files["/proc/diskstats"] = "short again\n";
  assert.equal(file.read(), "short again\n");

  const paged = fakeFiles({ "/proc/net/dev": "x".repeat(10_000) }, 4000);
  assert.equal(new ProcFile("/proc/net/dev", paged.open).read(), "x".repeat(10_000));
  assert.deepEqual(paged.taken(), ["open", "read 0", "read 4000", "read 8000"]);
});

Deno.test("ProcFile.read() returns null for a file that is absent or vanishes, and finds it once it is there", () => {
  const { files, open, taken } = fakeFiles({});
  const file = new ProcFile("/proc/pressure/io", open);
  assert.equal(file.read(), null);
  files["/proc/pressure/io"] = "some\n";
  const readings = Array.from({ length: 60 }, () => file.read());
  assert.deepEqual(readings.filter((text) => text !== null), ["some\n"]);
  assert.equal(readings.at(-1), "some\n");
  assert.deepEqual(taken(), ["open", "open", "read 0"], "a missing file is not looked for in each reading");
  files["/proc/pressure/io"] = "";
  assert.equal(file.read(), null);
  assert.equal(file.read(), null);
  assert.deepEqual(taken(), ["read 0", "close"]);
});
