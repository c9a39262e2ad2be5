import assert from "node:assert/strict";
import { anonymousLine } from "./demo.ts";

Deno.test("anonymousLine() removes the host name, rows of other programs, and the names of previous threads", () => {
  const header = '{"format":"ktop-recording","v":1,"host":"secret.example","filters":{},"tools":[]}';
  assert.equal(
    anonymousLine(header),
    '{"format":"ktop-recording","v":1,"host":"demo","filters":{},"tools":[]}',
  );
  const line =
    '{"v":1,"tool":"t","rows":[{"comm":"nginx","file":"a","prev_comm":"sshd"},{"comm":"sshd","file":"key"}]}';
  assert.equal(
    anonymousLine(line),
    '{"v":1,"tool":"t","rows":[{"comm":"nginx","file":"a","prev_comm":"other"}]}',
  );
  assert.equal(anonymousLine('{"tick":1}'), '{"tick":1}');
});

Deno.test("anonymousLine() removes the cgroup of the workload", () => {
  const header = '{"format":"ktop-recording","v":1,"host":"demo","filters":{"self":false,"cgroup":"/a/b"}}';
  assert.equal(
    anonymousLine(header),
    '{"format":"ktop-recording","v":1,"host":"demo","filters":{"self":false}}',
  );
});

Deno.test("anonymousLine() removes ktop's CPU time and keeps its memory", () => {
  assert.equal(
    anonymousLine('{"tick":1,"self":{"cpu_ms_per_s":31.4,"rss_bytes":70000000}}'),
    '{"tick":1,"self":{"cpu_ms_per_s":null,"rss_bytes":70000000}}',
  );
});
