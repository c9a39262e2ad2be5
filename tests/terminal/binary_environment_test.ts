/**
 * dist/ktop with environment variables that Deno's runtime reads.
 *
 * @module
 */
import assert from "node:assert/strict";
import { runCommand } from "../support/commands.ts";
import { lines } from "../support/ktop.ts";
import { passing } from "../support/metrics.ts";
import { BINARY, CopiedKtop } from "./session.ts";

const RUNTIME = {
  DENO_LOG: "trace",
  DENO_TOKIO_METRICS: "1",
  RUST_MIN_STACK: "8388608",
  NODE_OPTIONS: "--require ./hostile.js",
  ICU_DATA: "/nonexistent",
};

/** The strings of a file of /proc, which ends each with NUL. */
const strings = (path: string): string[] => Deno.readTextFileSync(path).split("\0").slice(0, -1);

Deno.test("dist/ktop runs without the variables that tune the runtime, with the others and the same arguments", async () => {
  const args = ["opensnoop", "--comm", "two words", "-i", "0.1", "--json"];
  const env = { ...RUNTIME, TZ: "Asia/Tokyo", KTOP_TEST: "ends with ü=" };
  const child = new Deno.Command(BINARY, { args, env, stdout: "piped", stderr: "piped" }).spawn();
  const proc = `/proc/${child.pid}`;
  const reader = child.stdout.getReader();
  let printed = 0;
  const stderr = (async () => {
    for await (const bytes of child.stderr) printed += bytes.length;
  })();
  try {
    await reader.read(); // ktop's own code runs, and has attached its tool
    const environment = new Map(
      strings(`${proc}/environ`).map((entry) => {
        const at = entry.indexOf("=");
        return [entry.slice(0, at), entry.slice(at + 1)];
      }),
    );
    for (const name of Object.keys(RUNTIME)) assert.equal(environment.get(name), undefined);
    assert.equal(environment.get("TZ"), "Asia/Tokyo");
    assert.equal(environment.get("KTOP_TEST"), "ends with ü=");
    assert.equal(environment.get("PATH"), Deno.env.get("PATH"));
    assert.deepEqual(strings(`${proc}/cmdline`), [BINARY, ...args]);
    assert.equal(Deno.readTextFileSync(`${proc}/comm`), "ktop\n");
    const before = printed;
    for (let tick = 0; tick < 5; tick++) await reader.read();
    assert.equal(printed, before, "the runtime prints nothing while ktop runs");
  } finally {
    child.kill("SIGTERM");
    await reader.cancel();
    await child.status;
    await stderr;
  }
});

Deno.test("dist/ktop serve takes over a socket that was passed to it, also when it restarts without the runtime's variables", async () => {
  for (const env of [{}, RUNTIME]) {
    const [perl, ...args] = [...passing(["127.0.0.1"]), BINARY, "serve", "--tools", "vfsstat"];
    const child = new Deno.Command(perl!, { args, env, stdout: "piped", stderr: "null" }).spawn();
    const output = lines(child.stdout);
    try {
      const line = (await output.next()).value ?? "";
      const response = await fetch(line.replace("Metrics are at ", ""));
      assert.match(await response.text(), /^ktop_vfsstat_read_total /m);
    } finally {
      child.kill("SIGTERM");
      await output.return(undefined);
      await child.status;
    }
  }
});

Deno.test("dist/ktop prints nothing of the runtime's own at its end", async () => {
  const args = ["vfsstat", "-i", "0.1", "--count", "1"];
  const { code, stderr } = await new Deno.Command(BINARY, { args, env: { DENO_TOKIO_METRICS: "1" } })
    .output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(code, 0);
});

/** Runs a command as a user without capabilities. */
const ORDINARY_USER = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];

Deno.test("dist/ktop exits with 3 for an ordinary user, and names the capabilities that it needs", async () => {
  await using copy = await CopiedKtop.make();
  const [setpriv, ...args] = [...ORDINARY_USER, copy.path, "vfsstat", "0.1", "1"];
  const { code, stderr } = await new Deno.Command(setpriv!, { args, cwd: "/" }).output();
  assert.match(
    new TextDecoder().decode(stderr),
    /^ktop: Not permitted [^\n]* CAP_BPF and CAP_PERFMON[^\n]*\n$/,
  );
  assert.equal(code, 3);
});

/** The environment of a process, byte for byte in Latin-1. */
const environmentOf = (pid: number): string[] =>
  new TextDecoder("latin1").decode(Deno.readFileSync(`/proc/${pid}/environ`)).split("\0").slice(0, -1);

Deno.test("dist/ktop with file capabilities runs without those variables for an ordinary user, also when a value is not UTF-8", async () => {
  await using copy = await CopiedKtop.make();
  await runCommand("setcap", "cap_bpf,cap_perfmon+ep", copy.path);
  for (
    const [as, value, renamed] of [
      [ORDINARY_USER.join(" "), "trace", "trace"],
      [ORDINARY_USER.join(" "), "$(printf '\\377')", "\xff"],
      ["", "$(printf '\\377')", "\xff"],
    ]
  ) {
    const line =
      `cd /; exec ${as} env -i "DENO_LOG=${value}" "KEPT=$(printf '\\377')" ${copy.path} vfsstat --json -i 0.1`;
    const child = new Deno.Command("sh", { args: ["-c", line], stdout: "piped" }).spawn();
    const reader = child.stdout.getReader();
    try {
      await reader.read(); // ktop's own code runs, and has attached its tool
      assert.deepEqual(environmentOf(child.pid), ["KEPT=\xff", `KTOP_RENAMED_DENO_LOG=${renamed}`]);
    } finally {
      child.kill("SIGTERM");
      await reader.cancel();
      await child.status;
    }
  }
});
