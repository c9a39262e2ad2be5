/**
 * Capabilities of a root's ktop that shows other machines: it parses what they send, and ssh has what root has.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { RunningKtop } from "../support/ktop.ts";
import { bits, threadsOf } from "../support/threads.ts";
import { until } from "../support/tmux.ts";

const KILL = bits(5);

/** Instead of ssh: leaves its capabilities in a file and sends nothing. */
const SSH = `#!/bin/sh
grep -E '^(CapEff|NoNewPrivs):' /proc/self/status > "$0.new" && mv "$0.new" "$0.status"
exec sleep 1000
`;

Deno.test("ktop @HOST of root has no capability but CAP_KILL before a host can send, and ssh has all of root's", async () => {
  await using directory = await TemporaryDirectory.make();
  const ssh = `${directory.path}/ssh`;
  await Deno.writeTextFile(ssh, SSH, { mode: 0o755 });
  const run = new RunningKtop(["@web1", "--json", "--ssh", ssh]);
  const ofSsh = await until(
    "the capabilities of ssh",
    () => Deno.readTextFile(`${ssh}.status`).catch(() => ""),
    (text) => text !== "",
  );
  const threads = threadsOf(run.pid);
  assert.ok(threads.length > 2, "the runtime has worker threads");
  for (const { name, sets: [inheritable, permitted, effective, , ambient] } of threads) {
    assert.deepEqual([inheritable, permitted, effective, ambient], [0n, KILL, KILL, 0n], name);
  }
  const own = Deno.readTextFileSync("/proc/self/status").split("\n");
  const mine = own.filter((line) => /^(CapEff|NoNewPrivs):/.test(line));
  assert.deepEqual(ofSsh.trimEnd().split("\n"), mine);
  const { stderr } = await run.end("SIGTERM");
  assert.equal(stderr, "ktop: web1 was still connecting\n");
});
