/**
 * The configuration file: `ktop config`, its checks, and the keys that write it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withHostileFile } from "../support/hostile_file.ts";
import { type Finished, ktop } from "../support/ktop.ts";
import { Tmux, until } from "../support/tmux.ts";
import { KTOP } from "./session.ts";

/** A user id that no account has. */
const OTHER_USER = 65_533;

/** A temporary home directory. */
class Home implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async make(configuration?: string): Promise<Home> {
    const home = new Home(await Deno.realPath(await Deno.makeTempDir({ prefix: "ktop-home-" })));
    if (configuration !== undefined) await home.write(configuration);
    return home;
  }

  get file(): string {
    return `${this.path}/.config/ktop/config.toml`;
  }

  async write(text: string): Promise<void> {
    await Deno.mkdir(`${this.path}/.config/ktop`, { recursive: true });
    await Deno.writeTextFile(this.file, text);
    await Deno.chmod(this.file, 0o644);
  }

  run(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
    return ktop(args, {
      clearEnv: true,
      cwd: this.path,
      env: { ...environment, HOME: this.path, TERM: "xterm-256color", LC_ALL: "C.UTF-8", ...env },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** The variables that Deno itself needs. */
const environment = Object.fromEntries(
  ["PATH", "DENO_DIR", "DENO_TLS_CA_STORE"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }),
);

async function assertRefused(run: Promise<Finished>, message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await run;
  assert.match(stderr, message);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.equal(stderr.trimEnd().split("\n").length, 1);
}

Deno.test("ktop config prints each value with its source: the command line overrides the environment, and that the file", async () => {
  await using home = await Home.make('theme = "light"\ninterval = 2\nmouse = true\n');
  const { code, stdout, stderr } = await home.run(["--interval", "5", "config"], { NO_COLOR: "1" });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^interval = 5 +# command line: --interval$/m);
  assert.match(stdout, /^theme = "mono" +# environment: NO_COLOR$/m);
  assert.match(stdout, new RegExp(`^mouse = true +# ${home.file}:3$`, "m"));
  assert.match(stdout, /^ascii = false +# default$/m);
  const named = await home.run(["config", "--theme", "dark"], { NO_COLOR: "1" });
  assert.match(named.stdout, /^theme = "dark" +# command line: --theme$/m);
  await home.write('[screens]\nweb = ["opensnoop", "runqlat"]\n');
  const own = await home.run(["config", "--screen", "web"]);
  assert.match(own.stdout, /^panes = \["opensnoop", "runqlat"\] +# command line: --screen$/m);
  await assertRefused(
    home.run(["config", "--screen", "wbe"]),
    /^ktop: Unknown screen "wbe"\. Did you mean web\?\n$/,
  );
  const plain = await home.run(["config", "--no-config"]);
  assert.match(plain.stdout, /^theme = "dark" +# default$/m);
  const ascii = await home.run(["config"], { LC_ALL: "C" });
  assert.match(ascii.stdout, /^ascii = true +# environment: LC_ALL$/m);
});

Deno.test("ktop config --path prints the path of the file, whether or not it exists", async () => {
  await using home = await Home.make();
  assert.equal((await home.run(["config", "--path"])).stdout, `${home.file}\n`);
  const xdg = await home.run(["config", "--path"], { XDG_CONFIG_HOME: "/somewhere" });
  assert.equal(xdg.stdout, "/somewhere/ktop/config.toml\n");
  assert.equal((await home.run(["config", "--path", "--config", "x.toml"])).stdout, "x.toml\n");
});

Deno.test("ktop config prints a configuration that it reads as the same values", async () => {
  await using home = await Home.make('[keys]\nquit = ["Q"]\n[tools.filetop]\nsort = "reads"\n');
  const once = await home.run(["config"]);
  await home.write(once.stdout);
  const again = await home.run(["config"]);
  const bare = (text: string): string => text.replaceAll(/ *#.*$/gm, "");
  assert.deepEqual([again.stderr, bare(again.stdout)], ["", bare(once.stdout)]);
});

Deno.test("ktop exits with 2, file and line for a wrong configuration", async () => {
  await using home = await Home.make('panes = ["vfsstat"]\n\ntheme = "drak"\n');
  const message = new RegExp(`^ktop: ${home.file}:3: Unknown theme "drak"\\. Did you mean dark\\?$`, "m");
  await assertRefused(home.run(["--count", "1"]), message);
  await assertRefused(home.run(["config"]), message);
  await home.write("theme = \n");
  await assertRefused(home.run(["--count", "1"]), new RegExp(`^ktop: ${home.file}:1: .*TOML`));
  await home.write(`# ${"x".repeat(300 * 1024)}\n`);
  await assertRefused(home.run(["--count", "1"]), /larger than 256 KiB/);
  await Deno.writeFile(home.file, Uint8Array.of(0x22, 0xff, 0x22));
  await assertRefused(home.run(["--count", "1"]), /is not UTF-8 text/);
  await assertRefused(
    home.run(["--config", "missing.toml"]),
    /The configuration missing\.toml does not exist/,
  );
});

Deno.test("ktop takes panes and interval from the configuration, and --panes overrides it", async () => {
  await using home = await Home.make('panes = ["vfsstat"]\ninterval = 0.2\n');
  const ticks = (text: string) => text.trim().split("\n").map((line) => JSON.parse(line));
  const configured = await home.run(["--json", "--count", "2"]);
  assert.equal(configured.stderr, "");
  assert.deepEqual(ticks(configured.stdout).map(({ tool }) => tool), ["vfsstat", "vfsstat"]);
  const given = await home.run(["--json", "--count", "1", "--panes", "runqlat"]);
  assert.deepEqual(ticks(given.stdout).map(({ tool }) => tool), ["runqlat"]);
});

Deno.test("ktop never reads a configuration from the working directory", async () => {
  await using home = await Home.make();
  await Deno.mkdir(`${home.path}/ktop`);
  const wrong = "this is wrong";
  for (const name of ["config.toml", "ktop.toml", "ktop/config.toml"]) {
    await Deno.writeTextFile(`${home.path}/${name}`, wrong);
  }
  const places: Record<string, string>[] = [{ XDG_CONFIG_HOME: "." }, { HOME: "." }, { HOME: "" }];
  for (const env of places) {
    const { code, stderr } = await home.run(["config"], env);
    assert.deepEqual([code, stderr], [0, ""]);
  }
});

Deno.test("ktop refuses a configuration that other users can write or own", async () => {
  const text = 'theme = "light"\n';
  const spoil: readonly (readonly [spoil: (home: Home) => Promise<void>, message: RegExp])[] = [
    [
      ({ file }) => Deno.chown(file, OTHER_USER, OTHER_USER),
      /config\.toml belongs to user 65533, not to root.*sudo -H/,
    ],
    [({ file }) => Deno.chmod(file, 0o664), /others can write \S+config\.toml.*chmod go-w/],
    [({ file }) => Deno.chmod(file, 0o646), /others can write \S+config\.toml/],
    [({ path }) => Deno.chmod(`${path}/.config/ktop`, 0o777), /others can write \S+\/ktop\./],
    [({ path }) => Deno.chmod(`${path}/.config`, 0o775), /others can write \S+\/\.config\./],
    [({ path }) => Deno.chown(path, OTHER_USER, OTHER_USER), /belongs to user 65533/],
  ];
  for (const [change, message] of spoil) {
    await using home = await Home.make(text);
    await change(home);
    await assertRefused(home.run(["config"]), message);
    await assertRefused(home.run(["--count", "1", "--panes", "runqlat"]), message);
    assert.equal((await home.run(["config", "--no-config"])).code, 0);
  }
});

Deno.test("ktop follows a link to the configuration, unless it leads through a directory that others can write", async () => {
  await using home = await Home.make("");
  for (const [name, mode] of [["open", 0o777], ["dotfiles", 0o755]] as const) {
    await Deno.mkdir(`${home.path}/${name}`);
    await Deno.chmod(`${home.path}/${name}`, mode);
    await Deno.writeTextFile(`${home.path}/${name}/c.toml`, 'theme = "light"\n', { mode: 0o644 });
  }
  await Deno.remove(home.file);
  await Deno.symlink("../../open/c.toml", home.file);
  await assertRefused(home.run(["config"]), /others can write \S+\/open\./);
  await Deno.remove(home.file);
  await Deno.symlink("../../dotfiles/c.toml", home.file);
  assert.match((await home.run(["config"])).stdout, /^theme = "light"/m);
});

Deno.test("ktop never waits for a file that blocks its reader: /proc/kmsg is an empty configuration", async () => {
  await using home = await Home.make();
  const { code, stdout, stderr } = await ktop(["config", "--config", "/proc/kmsg"], {
    through: ["timeout", "60"],
    cwd: home.path,
  });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^interval = 1 .*# default$/m);
});

Deno.test("ktop starts without a configuration file, even when another user owns the home directory", async () => {
  await using home = await Home.make();
  await Deno.chown(home.path, OTHER_USER, OTHER_USER);
  assert.deepEqual([(await home.run(["config"])).code], [0]);
});

/** Runs the screen in this home directory, in its subdirectory `cwd`. */
async function screen(home: Home, args = ""): Promise<Tmux> {
  await Deno.mkdir(`${home.path}/cwd`, { recursive: true });
  const env = `env -u NO_COLOR -u XDG_CONFIG_HOME HOME=${home.path} TERM=tmux-256color LC_ALL=C.UTF-8`;
  const command = `cd ${home.path}/cwd && ${env} ${KTOP} ${args}; ` +
    "echo ended with $?; exec cat";
  return await Tmux.start(120, 30, command);
}

Deno.test("W writes the chosen settings to the configuration and keeps its comments, and ktop starts with them", async () => {
  const before = '# mine\npanes = ["runqslower", "vfsstat"] # these\n\n[colors]\ntitle = 75\n';
  await using home = await Home.make(before);
  {
    await using tmux = await screen(home, "--interval 2");
    await tmux.shows(/1 runqslower[^]*2 vfsstat/);
    await tmux.keys("o");
    await tmux.shows(/Theme light/);
    await tmux.keys("/", "z", "z", "Enter", "s", "Down", "Down", "Enter", "r", "W");
    await tmux.shows(new RegExp(`Wrote ${home.file}`));
    await tmux.keys("q");
    await tmux.shows(/ended with 0/);
  }
  const text = await Deno.readTextFile(home.file);
  assert.ok(text.startsWith('# mine\npanes = ["runqslower", "vfsstat"] # these\n'), text);
  assert.match(text, /^interval = 2$/m);
  assert.match(text, /^theme = "light"$/m);
  assert.match(text, /^\[tools\.runqslower\]\nsort = "\w+"\nreverse = true\nfilter = "zz"$/m);
  assert.match(text, /^title = 75$/m);
  assert.equal((await Deno.stat(home.file)).mode! & 0o777, 0o600);
  assert.deepEqual(
    (await Array.fromAsync(Deno.readDir(`${home.path}/.config/ktop`))).map(({ name }) => name),
    [
      "config.toml",
    ],
  );
  await using again = await screen(home);
  await again.shows(/every 2s[^]*1 runqslower[^\n]*\/zz/);
});

Deno.test("W keeps a backup of a configuration that it cannot change in place", async () => {
  const before = '# mine\ntools = { runqslower = { filter = "a" } }\n';
  await using home = await Home.make(before);
  await using tmux = await screen(home, "--panes runqslower");
  await tmux.shows(/1 runqslower[^\n]*\/a/);
  await tmux.keys("/", "Up", "b", "Enter", "W");
  await tmux.shows(/Wrote [^\n]*config\.toml; the old one is config\.toml\.bak beside it/);
  assert.equal(await Deno.readTextFile(`${home.file}.bak`), before);
  assert.match((await home.run(["config"])).stdout, /^filter = "ab"/m);
});

Deno.test("W makes the configuration and its directory when there are none", async () => {
  await using home = await Home.make();
  await using tmux = await screen(home, "--panes runqslower");
  await tmux.shows(/1 runqslower/);
  await tmux.keys("W");
  await tmux.shows(/Wrote /);
  assert.match(await Deno.readTextFile(home.file), /^panes = \["runqslower"\]$/m);
  assert.equal((await Deno.stat(`${home.path}/.config/ktop`)).mode! & 0o777, 0o700);
  assert.equal((await home.run(["config"])).code, 0);
});

Deno.test("W writes nothing and shows the reason when others could change the file", async () => {
  await using home = await Home.make();
  await using tmux = await screen(home, "--panes runqslower");
  await tmux.shows(/1 runqslower/);
  await Deno.chmod(home.path, 0o777);
  await tmux.keys("W");
  await tmux.shows(/Not written: .*others can write/);
  await Deno.chmod(home.path, 0o755);
  assert.deepEqual((await Array.fromAsync(Deno.readDir(home.path))).map(({ name }) => name), ["cwd"]);
});

const WROTE = /Wrote (ktop-\d{8}-\d{6}(?:-\d+)?)\.txt/;

Deno.test("w writes text, JSON, a picture and a recording, under new names each time, readable only by the user", async () => {
  await using home = await Home.make();
  await using tmux = await screen(home, "--panes vfsstat,runqslower");
  await tmux.shows(/READ\/s +\d[^]*run queue delay +\d/);
  await tmux.keys("Space");
  const shown = await tmux.shows(/PAUSED/);
  await tmux.keys("w");
  const name = WROTE.exec(await tmux.shows(WROTE))?.[1];
  await tmux.keys("w");
  const files = async (): Promise<string[]> =>
    (await Array.fromAsync(Deno.readDir(`${home.path}/cwd`))).map((entry) => entry.name).sort();
  await until("five more files", files, (names) => names.length === 10);
  for (const file of await files()) {
    assert.match(file, /^ktop-\d{8}-\d{6}(-\d+)?\.(txt|json|svg|html|gz)$/);
    assert.equal((await Deno.stat(`${home.path}/cwd/${file}`)).mode! & 0o777, 0o600);
  }
  const text = await Deno.readTextFile(`${home.path}/cwd/${name}.txt`);
  const body = (screen: string): string[] => screen.split("\n").slice(1, 29);
  assert.deepEqual(body(text), body(shown));
  assert.equal(text.trimEnd().split("\n").length, 30);
  // deno-lint-ignore no-control-regex -- what must not be there
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f]/);
  const ticks = (await Deno.readTextFile(`${home.path}/cwd/${name}.json`)).trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assert.deepEqual(ticks.map(({ v, tool }) => [v, tool]), [[1, "vfsstat"], [1, "runqslower"]]);
  assert.match(text, new RegExp(`READ/s +${Math.round(ticks[0].rows[0].read / ticks[0].interval_s)} `));
  const svg = await Deno.readTextFile(`${home.path}/cwd/${name}.svg`);
  assert.ok(svg.includes(`<desc>The screen of ktop:\n${text.split("\n")[0]}\n`), svg.slice(0, 1000));
  const html = await Deno.readTextFile(`${home.path}/cwd/${name}.html`);
  assert.ok(
    /<pre>\n([^]*)\n<\/pre>/.exec(html)![1]!.replaceAll(/<[^>]*>/g, "").startsWith(text.split("\n")[0]!),
  );
  const replayed = await home.run(["replay", `${home.path}/cwd/${name}.gz`, "--json"]);
  assert.equal(replayed.code, 0, replayed.stderr);
  const past = replayed.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(past.slice(-2), ticks);
  // In the first ticks the second tool may not be attached yet.
  const both = past.slice(past.findIndex(({ tool }) => tool === "runqslower") - 1);
  assert.ok(both.every(({ tool }, i) => tool === ["vfsstat", "runqslower"][i % 2]));
});

Deno.test("w on a screen with profile also writes its stacks, as folded text and as a picture", async () => {
  await using home = await Home.make();
  await using tmux = await screen(home, "--panes profile");
  await tmux.shows(/all +SAMPLES +\d+ +100\.0%/);
  await tmux.keys("w");
  const name = WROTE.exec(await tmux.shows(WROTE))?.[1];
  const read = (extension: string): Promise<string> =>
    Deno.readTextFile(`${home.path}/cwd/${name}.profile.${extension}`);
  const lines = (await read("folded")).trimEnd().split("\n");
  for (const line of lines) assert.match(line, /^[^; ]+(;[^; ]+)* \d+$/);
  const sum = lines.reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);
  assert.match(await read("svg"), new RegExp(`data-x="0" data-w="${sum}" data-d="0" data-n="all"`));
});

Deno.test("w shows that it cannot write when the directory is gone, and the screen continues", async () => {
  await using home = await Home.make();
  await using tmux = await screen(home, "--panes runqslower");
  await tmux.shows(/1 runqslower/);
  await Deno.remove(`${home.path}/cwd`);
  await tmux.keys("w");
  await tmux.shows(/Not written: /);
  await tmux.shows(/\? Help[^\n]*q Quit\n*$/);
  await tmux.keys("q");
  await tmux.shows(/ended with 0/);
});

Deno.test("w leaves no file when the disk is full, and shows the reason", async () => {
  await using home = await Home.make();
  const cwd = `${home.path}/cwd`;
  await Deno.mkdir(cwd);
  const run = async (command: string, args: string[]): Promise<void> => {
    assert.equal((await new Deno.Command(command, { args }).output()).code, 0, command);
  };
  await run("mount", ["-t", "tmpfs", "-o", "size=12k", "ktop-test", cwd]);
  try {
    await using tmux = await screen(home, "--panes runqslower");
    await tmux.shows(/1 runqslower/);
    await tmux.keys("w");
    await tmux.shows(/Not written: .*No space left/);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(cwd)), []);
    await tmux.keys("q");
    await tmux.shows(/ended with 0/);
  } finally {
    await run("umount", ["-l", cwd]);
  }
});

Deno.test("w writes names from other users into the picture as text, in the colours of the theme", async () => {
  await using home = await Home.make();
  const name = new TextEncoder().encode(`"]]><b>&"\x1b[31m\x07`);
  await withHostileFile(name, async (pid) => {
    await using tmux = await screen(home, `--panes filetop -p ${pid} --theme light`);
    await tmux.shows(/"]]><b>/);
    await tmux.keys("Space", "w");
    const written = WROTE.exec(await tmux.shows(WROTE))?.[1];
    const svg = await Deno.readTextFile(`${home.path}/cwd/${written}.svg`);
    assert.match(svg, /<text [^>]*>[^<]*&quot;]]&gt;&lt;b&gt;&amp;&quot;\\x1b\[31m\\a</);
    assert.match(svg, /rx="8" fill="#ffffff"/);
    const html = await Deno.readTextFile(`${home.path}/cwd/${written}.html`);
    assert.match(html, /&quot;]]&gt;&lt;b&gt;&amp;&quot;\\x1b\[31m\\a/);
    assert.match(html, /body\{margin:0;background:#ffffff/);
    // deno-lint-ignore no-control-regex -- what must not be there
    assert.doesNotMatch(html, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    // deno-lint-ignore no-control-regex -- what must not be there
    assert.doesNotMatch(svg, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});

Deno.test("o switches to the next theme, and shows a message where there are no colours", async () => {
  await using home = await Home.make();
  await using tmux = await screen(home, "--panes runqslower");
  await tmux.shows(/1 runqslower/);
  for (const theme of ["light", "high-contrast", "mono", "dark"]) {
    await tmux.keys("o");
    await tmux.shows(new RegExp(`Theme ${theme}`));
  }
  await using plain = await screen(home, "--panes runqslower --no-color");
  await plain.shows(/1 runqslower/);
  await plain.keys("o");
  await plain.shows(/This terminal shows no colours/);
});

Deno.test("ktop takes its keys from the configuration, and shows them in the footer", async () => {
  await using home = await Home.make('[keys]\nquit = ["Q", "Ctrl-X"]\nhelp = ["F1"]\n');
  await using tmux = await screen(home, "--panes runqslower");
  await tmux.shows(/F1 Help[^\n]*Q Quit/);
  await tmux.keys("q", "?", "F1", "/", ..."quit");
  await tmux.shows(/Q {2}Ctrl-X {2}Ctrl-C +│[^\n]*\n[^\n]*│ +Quit\./);
  await tmux.keys("C-x");
  await tmux.shows(/ended with 0/);
});
