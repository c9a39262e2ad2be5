import assert from "node:assert/strict";
import { remoteCommand, sshArguments, sshWords } from "../../src/remote/mod.ts";

const decoder = new TextDecoder();

/** Names that shells interpret in different ways. */
const HOSTILE = [
  "plain",
  "two words",
  "it's",
  '"quoted"',
  "$(id) `id` $HOME",
  "a;b&c|d>e<f",
  "line\nbreak\n",
  "back\\slash \\' \\n %s",
  "!history !!",
  "*?[a]{b,c}~",
  "--",
  "-e",
  "ünï ✓",
  "",
];

/** A directory with the commands that the script uses, and a `ktop` and a `sudo` that print their arguments, each with a NUL. */
async function fakeMachine(uid: number): Promise<string> {
  const directory = await Deno.makeTempDir();
  const script = (text: string): string => `#!/bin/sh\n${text}\n`;
  const files = {
    ktop: script(`printf '%s\\0' ktop "$@"`),
    sudo: script(`printf '%s\\0' sudo "$@"`),
    id: script(`echo ${uid}`),
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${directory}/${name}`, text, { mode: 0o755 });
  }
  return directory;
}

/** What the command prints in a shell, split at NULs. */
async function printed(shell: string, command: string, path: string): Promise<string[]> {
  const { stdout, stderr, code } = await new Deno.Command(shell, {
    args: ["-c", command],
    env: { PATH: `${path}:/usr/bin:/bin`, HOME: path },
    clearEnv: true,
  }).output();
  assert.equal(code, 0, decoder.decode(stderr));
  assert.equal(decoder.decode(stderr), "");
  return decoder.decode(stdout).split("\0").slice(0, -1);
}

for (const shell of ["sh", "bash"]) {
  Deno.test(`every argument reaches ktop unchanged through ${shell}, and no shell interprets it`, async () => {
    const path = await fakeMachine(0);
    assert.deepEqual(await printed(shell, remoteCommand(HOSTILE, null), path), ["ktop", ...HOSTILE]);
    await Deno.remove(path, { recursive: true });
  });
}

Deno.test("without root, ktop runs through sudo without a password prompt", async () => {
  const path = await fakeMachine(1000);
  assert.deepEqual(await printed("sh", remoteCommand(HOSTILE, null), path), [
    "sudo",
    "-n",
    `${path}/ktop`,
    ...HOSTILE,
  ]);
  await Deno.remove(path, { recursive: true });
});

Deno.test("the command has only characters that shells agree about", () => {
  const command = remoteCommand(HOSTILE, { sha256: "0".repeat(64), machine: "x86_64" });
  const [, outer, encoded] = /^exec sh -c '([^']*)' ktop '([^']*)'$/.exec(command)!;
  assert.equal(outer, 'eval "$(printf %b "$1")"');
  assert.match(encoded!, /^(?:[A-Za-z0-9_.,:=@%+\/-]|\\0[0-7]{3})*$/);
});

Deno.test("ssh gets no terminal and forwards nothing, and the destination is no option", () => {
  const host = { name: "root@web:23", destination: "root@web", port: 23 };
  const asking = sshArguments(host, "command", true);
  assert.deepEqual(asking.slice(-5), ["-p", "23", "--", "root@web", "command"]);
  assert.ok(asking.includes("RequestTTY=no") && asking.includes("ForwardAgent=no"));
  assert.ok(!asking.includes("BatchMode=yes"));
  assert.ok(sshArguments(host, "command", false).includes("BatchMode=yes"));
});

Deno.test("sshWords() separates words at blanks, and refuses an empty command", () => {
  assert.deepEqual(sshWords(" ssh  -F /a\t-v "), ["ssh", "-F", "/a", "-v"]);
  assert.throws(() => sshWords(" "), /empty/);
});
