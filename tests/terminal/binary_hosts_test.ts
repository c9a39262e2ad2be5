/**
 * `ktop @HOST --install`: the compiled ktop copies itself through sshd on the loopback interface.
 *
 * @module
 */
import assert from "node:assert/strict";
import { SshHosts } from "../support/ssh_hosts.ts";
import { BINARY } from "./session.ts";

async function install(hosts: SshHosts): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(BINARY, {
    args: [
      "@a",
      "--ssh",
      hosts.ssh,
      "--install",
      "--json",
      "--panes",
      "vfsstat",
      "--count",
      "1",
      "-i",
      "0.2",
    ],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The paths below a directory. */
function paths(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) => [
    name,
    ...(isDirectory ? paths(`${directory}/${name}`).map((below) => `${name}/${below}`) : []),
  ]).toSorted();
}

async function sha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

Deno.test("--install copies ktop once, privately and checked, and leaves nothing else", async () => {
  await using hosts = await SshHosts.start(["a"], null);
  const without = await new Deno.Command(BINARY, {
    args: ["@a", "--ssh", hosts.ssh, "--json"],
    stdin: "null",
  }).output();
  const message = new TextDecoder().decode(without.stderr);
  assert.equal(without.code, 1);
  assert.match(message, /^ktop: a: ktop is not installed there\. --install copies this ktop there/);

  const first = await install(hosts);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^\{"v":1,"host":"a","tool":"vfsstat"/);
  const cache = `${hosts.directory("a")}/cache/ktop`;
  const sum = await sha256(BINARY);
  assert.deepEqual(paths(cache), [sum, `${sum}/ktop`]);
  assert.equal(await sha256(`${cache}/${sum}/ktop`), sum);
  assert.equal(Deno.statSync(`${cache}/${sum}`).mode! & 0o777, 0o700);
  assert.equal(Deno.statSync(`${cache}/${sum}/ktop`).mode! & 0o777, 0o700);

  const before = Deno.statSync(`${cache}/${sum}/ktop`);
  assert.equal((await install(hosts)).code, 0);
  assert.equal(Deno.statSync(`${cache}/${sum}/ktop`).ino, before.ino);

  await Deno.writeTextFile(`${cache}/${sum}/ktop`, "damaged", { append: true });
  assert.equal((await install(hosts)).code, 0);
  assert.equal(await sha256(`${cache}/${sum}/ktop`), sum);
  assert.deepEqual(paths(cache), [sum, `${sum}/ktop`]);
});
