/**
 * The command line: help, and the messages and exit codes for arguments that are refused.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktop, WITHOUT_BPF } from "../support/ktop.ts";
import { Workload } from "../support/workload.ts";

/** Fails unless ktop exits with the code, no standard output and the message. */
async function assertRefused(args: readonly string[], code: number, says: RegExp): Promise<void> {
  const run = await ktop(args);
  assert.deepEqual({ args, code: run.code, stdout: run.stdout }, { args, code, stdout: "" });
  assert.match(run.stderr, says);
  assert.ok(run.stderr.trimEnd().split("\n").length <= 2, run.stderr);
}

Deno.test("ktop exits with 2 and the nearest name for an unknown tool", async () => {
  await assertRefused(["vfstat"], 2, /^ktop: Unknown tool "vfstat"\. Did you mean vfsstat\?\n$/);
});

Deno.test("ktop exits with 2 and the nearest name for an unknown flag", async () => {
  await assertRefused(["vfsstat", "--jsn"], 2, /^ktop: unknown option '--jsn'.*--json/);
  await assertRefused(["--pnaes", "filetop"], 2, /--panes/);
});

Deno.test("ktop exits with 2 and the accepted values for a bad number", async () => {
  await assertRefused(["vfsstat", "0.05"], 2, /0\.1 to 3600 seconds/);
  await assertRefused(["vfsstat", "abc"], 2, /0\.1 to 3600 seconds/);
  await assertRefused(["vfsstat", "-i", "3601"], 2, /0\.1 to 3600 seconds/);
  await assertRefused(["vfsstat", "1", "0"], 2, /whole number/);
  await assertRefused(["vfsstat", "-p", "1x"], 2, /whole number/);
  await assertRefused(["execsnoop", "-P", "0"], 2, /whole number/);
  await assertRefused(["execsnoop", "--ppid", "sh"], 2, /whole number/);
  await assertRefused(["runqslower", "-5"], 2, /-5/);
  await assertRefused(["filetop", "-s", "size"], 2, /reads.*wbytes/);
});

Deno.test("ktop exits with 2 and the nearest name for an unknown column", async () => {
  await assertRefused(["filetop", "--fields", "raeds"], 2, /no column "raeds"\. Did you mean reads\?/);
  await assertRefused(["vfsstat", "--sort", "wrte"], 2, /Did you mean write\?/);
  await assertRefused(
    ["opensnoop", "--by", "pth"],
    2,
    /^ktop: opensnoop has no column "pth"\. Did you mean path\?/,
  );
});

Deno.test("ktop exits with 2 for a tool or a column that cannot be grouped", async () => {
  await assertRefused(
    ["fsslower", "--by", "lat_ms"],
    2,
    /cannot be grouped by lat_ms, only by names and ids\./,
  );
  await assertRefused(["vfsstat", "--by", "read"], 2, /^ktop: vfsstat counted everything in one row: .*\n$/);
  await assertRefused(["runqlat", "--by", "comm"], 2, /^ktop: runqlat has no rows to group\.\n$/);
  await assertRefused(
    ["nettop", "--by", "nope"],
    2,
    /^ktop: nettop has no column "nope"\. .*Columns to group by: process, pid, comm, /,
  );
  await assertRefused(
    ["nettop", "--by-process", "--by", "comm"],
    2,
    /^ktop: --by-process is the same as --by process and excludes --by comm\.\n$/,
  );
  await assertRefused(
    ["--by", "process", "cachestat"],
    2,
    /^ktop: cachestat counted everything in one row: .* ktop cachestat --by process, ktop cachestat --by file\.\n$/,
  );
  await assertRefused(["-b", "--by", "coom"], 2, /"coom"\. Did you mean comm\?/);
  await assertRefused(["record", "--by", "comm", "-"], 2, /--by has no effect on record/);
  await assertRefused(["readpath", "--folded", "--by", "func"], 2, /--by has no effect on --folded/);
  await assertRefused(["execsnoop", "--sort", "dur_ms"], 2, /dur_ms is unknown without --exit/);
  await assertRefused(["execsnoop", "--by", "parents"], 2, /parents is unknown without --parents/);
  await assertRefused(["vfsstat", "--fields", "read,READ/s"], 2, /--fields names read twice/);
  await assertRefused(["vfsstat", "--fields", ","], 2, /at least one column/);
});

Deno.test("ktop exits with 2 for --csv-exact without --csv", async () => {
  for (
    const args of [["vfsstat", "--csv-exact", "0.1", "1"], ["vfsstat", "--csv-exact", "--json", "0.1", "1"]]
  ) {
    await assertRefused(args, 2, /^ktop: --csv-exact needs --csv\.\n$/);
  }
  await assertRefused(["replay", "--demo", "--csv-exact"], 2, /^ktop: --csv-exact needs --csv\.\n$/);
  await assertRefused(["-b", "--csv-exact", "--count", "1"], 2, /^ktop: --csv-exact needs a tool/);
});

Deno.test("ktop exits with 2 for options that exclude each other", async () => {
  await assertRefused(["vfsstat", "--json", "--csv"], 2, /exclude each other/);
  await assertRefused(["filetop", "--read-only", "--write-only"], 2, /exclude each other/);
  await assertRefused(["--panes", "filetop,nonsense"], 2, /Unknown tool "nonsense"/);
});

Deno.test("ktop exits with 2 for a column that is unknown with these options", async () => {
  const run = ["0.1", "1"];
  await assertRefused(
    ["syscount", "--sort", "time_us", ...run],
    2,
    /^ktop: time_us is unknown without -L or -m\.\n$/,
  );
  await assertRefused(
    ["syscount", "--sort", "TIME(ms)", ...run],
    2,
    /^ktop: time_ms is unknown without -L or -m\.\n$/,
  );
  await assertRefused(["syscount", "--by", "comm", ...run], 2, /^ktop: comm is unknown without -P\.\n$/);
  await assertRefused(
    ["syscount", "-P", "--by", "syscall", ...run],
    2,
    /^ktop: syscall is unknown with -P\.\n$/,
  );
  await assertRefused(["runqlat", "--sort", "pid", ...run], 2, /^ktop: pid is unknown without -P\.\n$/);
  await assertRefused(["biolatency", "--sort", "disk", ...run], 2, /^ktop: disk is unknown without -D\.\n$/);
  await assertRefused(
    ["filetop", "--by-process", "--by", "tid", ...run],
    2,
    /^ktop: tid is unknown with --by-process\.\n$/,
  );
});

Deno.test("ktop exits with 2 for --by beside a flag that groups by another column", async () => {
  for (const args of [["tcpconnect", "-c", "--by", "dport"], ["--by", "dport", "tcpconnect", "-c"]]) {
    await assertRefused(
      [...args, "0.1", "1"],
      2,
      /^ktop: -c is the same as --by daddr and excludes --by dport\.\n$/,
    );
  }
});

Deno.test("ktop exits with 2 for an option before a tool or command that it does not have", async () => {
  for (
    const option of [["--screen", "files"], ["--screen", "fils"], ["-b"], ["--theme", "dark"], [
      "--no-config",
    ]]
  ) {
    const long = option[0] === "-b" ? "--batch" : option[0]!;
    for (const after of [["vfsstat", "0.1", "1"], ["list"], ["record", "-"], ["completions", "bash"]]) {
      const says = new RegExp(`^ktop: ${long} has no effect on ${after[0]}\\.\n$`);
      await assertRefused([...option, ...after], 2, says);
    }
  }
  for (
    const args of [
      ["--panes", "filetop", "vfsstat"],
      ["-p", "1", "list"],
      ["--csv", "doctor"],
      [
        "--licenses",
        "vfsstat",
      ],
      ["--interval", "2", "replay", "--demo"],
      ["--json", "man"],
      ["--config", "f", "vfsstat"],
    ]
  ) {
    await assertRefused(args, 2, /^ktop: --[a-z]+ has no effect on [a-z]+\.\n$/);
  }
  await assertRefused(["--panes", "filetp", "record", "-"], 2, /^ktop: Unknown tool "filetp"\. Did you mean/);
});

Deno.test("ktop accepts before a command what suits every run, and what the command obeys", async () => {
  for (
    const line of [
      "--utc --no-color --ascii --max-memory 64 list",
      "--tier kprobe list --json",
      "--no-config doctor",
    ]
  ) {
    const { code, stderr } = await ktop(line.split(" "));
    assert.equal(code, 0, `${line}: ${stderr}`);
  }
});

Deno.test("ktop exits with 2 for options that have no effect on the output", async () => {
  for (const words of [["profile", "-f"], ["offcputime", "-f"], ["readpath", "--folded"]]) {
    for (
      const option of [["--json"], ["--csv"], ["--sort", "stack"], ["--fields", "stack"], ["--by", "stack"]]
    ) {
      const says = new RegExp(`^ktop: ${option[0]} has no effect on ${words[1]}, which prints stacks\\.\n$`);
      await assertRefused([...words, ...option, "0.1", "1"], 2, says);
    }
  }
  for (
    const [line, says] of [
      ["profile -f -r 3", "-r has no effect on -f, which prints stacks."],
      ["profile --flame - -r 3", "-r has no effect on --flame, which writes one picture."],
      ["cachestat -r 3", "-r has no effect on the one row of cachestat. --by process or file prints more."],
      [
        "cachestat --sort hits",
        "--sort has no effect on the one row of cachestat. --by process or file prints more.",
      ],
      ["vfsstat --sort read", "--sort has no effect on the one row of vfsstat."],
      ["cachestat --fields pid", "pid is unknown without --by process."],
      ["cachestat --by process --fields inode", "inode is unknown without --by file."],
      ["cachestat --by file --sort cached_bytes", "cached_bytes is unknown with --by."],
      ["syscount --fields time_us", "time_us is unknown without -L or -m."],
      ["runqlat --sort count", "--sort has no effect on histograms. --json and --csv print rows."],
      ["fsdist --fields count", "--fields has no effect on histograms. --json and --csv print rows."],
      ["biolatency -e --csv", "-e has no effect on --csv."],
      ["runqslower --histogram --csv", "--histogram has no effect on --csv."],
      ["tcpretrans -c -s", "-s has no effect on groups by flow without seq."],
      ["opensnoop -U --by path --json", "-U has no effect on groups by path without uid."],
      ["opensnoop -e --fields pid,path", "-e has no effect on --fields without flags and mode."],
      [
        "opensnoop --cgroup-column --by path",
        "--cgroup-column has no effect on groups by path without container.",
      ],
      [
        "opensnoop --cgroup-column --fields pid",
        "--cgroup-column has no effect on --fields without container.",
      ],
      ["cachestat --cgroup-column", "container is unknown without --by process."],
      ["syscount --cgroup-column", "container is unknown without -P."],
      [
        "runqlat --cgroup-column -P",
        "--cgroup-column has no effect on histograms. --json and --csv print rows.",
      ],
      ["profile --cgroup-column -f", "--cgroup-column has no effect on -f, which prints stacks."],
      [
        "dcstat --walks --fields refs",
        "--walks has no effect on --fields without rcu_refs and rcu_miss and ref_refs and ref_miss.",
      ],
    ] as const
  ) {
    const run = await ktop([...line.split(" "), "-i", "0.1", "--count", "1"]);
    assert.deepEqual([line, run], [line, { code: 2, stdout: "", stderr: `ktop: ${says}\n` }]);
  }
});

Deno.test("ktop accepts switches for what its data has anyway, and the last of two values", async () => {
  for (
    const line of [
      "opensnoop -T -U -e --json",
      "tcpconnect -t -L -U --csv",
      "runqlat -T --json",
      "runqslower --histogram --json",
      "opensnoop -U --by uid",
      "opensnoop --cgroup-column --json",
      "opensnoop --cgroup-column --by container",
      "vfsstat -i 3600 -i 0.1 --count 99999 --count 1",
    ]
  ) {
    const { code, stderr } = await ktop(["-i", "0.1", "--count", "1", ...line.split(" ")]);
    assert.equal(code, 0, `${line}: ${stderr}`);
  }
});

Deno.test("ktop exits with 2 and the nearest name for an unknown screen, and for a screen where panes are given or recorded", async () => {
  await assertRefused(["--screen", "fils"], 2, /^ktop: Unknown screen "fils"\. Did you mean files\?\n$/);
  await assertRefused(
    ["--screen=nonsense"],
    2,
    /^ktop: Unknown screen "nonsense"\. Known: files, disk, .*\n$/,
  );
  await assertRefused(
    ["--screen", "cpu", "--panes", "vfsstat"],
    2,
    /^ktop: --screen and --panes cannot be combined/,
  );
  await assertRefused(["record", "-", "--screen", "cpu"], 2, /--screen/);
});

Deno.test("ktop exits with 2 and attaches nothing for a tool given twice and for more panes than the screen has", async () => {
  await assertRefused(["--panes", "vfsstat,vfsstat"], 2, /^ktop: --panes takes each tool once, .*\n$/);
  await assertRefused(
    ["record", "-", "--tools", "vfsstat,vfsstat"],
    2,
    /^ktop: --tools takes each tool once, .*\n$/,
  );
  for (const count of [30, 3000]) {
    const list = Array(count).fill("vfsstat").join(",");
    for (const args of [["--panes", list], ["config", "--panes", list], ["--panes", list, "record", "-"]]) {
      await assertRefused(args, 2, /^ktop: --panes takes at most 9 tools, and \d+ are given\.\n$/);
    }
  }
});

Deno.test("ktop names what is wrong with the path of a file, and attaches nothing", async () => {
  for (
    const [args, option] of [[["profile", "--flame", ""], "--flame"], [["record", ""], "record"]] as const
  ) {
    await assertRefused(
      args,
      2,
      new RegExp(`^ktop: ${option} needs a path\\. The path - is standard output\\.\n$`),
    );
  }
  await assertRefused(["replay", ""], 2, /^ktop: replay needs a FILE\. /);
  for (
    const args of [["profile", "--flame", "/dev/stdout"], ["record", "/dev/stdout"], [
      "record",
      "/dev/stdout",
      "--force",
    ]]
  ) {
    await assertRefused(
      args,
      1,
      /^ktop: \/dev\/stdout is not a regular file\. The path - is standard output\.\n$/,
    );
  }
  await assertRefused(
    ["profile", "--flame", "/proc/x.svg"],
    1,
    /^ktop: Cannot create \/proc\/x\.svg: no file can be created in \/proc\.\n$/,
  );
});

Deno.test("ktop exits with 1 for a process or thread that does not exist, and with 2 for a thread of another process", async () => {
  const none = "4194304";
  const noProcess = new RegExp(`^ktop: There is no process ${none}\\.\n$`);
  for (
    const args of [
      ["vfsstat", "-p", none],
      ["-b", "-p", none],
      ["record", "-", "-p", none],
      [
        "syscount",
        "-c",
        none,
      ],
      ["mountsnoop", "-P", none],
      ["execsnoop", "--exit", "-P", none],
    ]
  ) {
    await assertRefused(args, 1, noProcess);
  }
  for (const tool of ["opensnoop", "runqslower", "syscount", "offcputime", "profile"]) {
    const option = tool === "profile" ? "-L" : "-t";
    await assertRefused([tool, option, none], 1, new RegExp(`^ktop: There is no thread ${none}\\.\n$`));
  }
  await assertRefused(
    ["opensnoop", "-t", "1", "-p", String(Deno.pid)],
    2,
    new RegExp(`^ktop: Thread 1 belongs to process 1, not to ${Deno.pid}\\.\n$`),
  );
});

Deno.test("ktop exits with 2 for a thread where it takes a process", async () => {
  const workload = await Workload.start("leader");
  const thread = Array.from(Deno.readDirSync(`/proc/${workload.pid}/task`), ({ name }) => name)
    .find((id) => id !== String(workload.pid))!;
  for (
    const [args, option] of [
      [["vfsstat", "-p", thread], "--pid"],
      [["-b", "-p", thread], "--pid"],
      [["record", "-", "-p", thread], "--pid"],
      [["syscount", "-c", thread], "--ppid"],
      [["mountsnoop", "-P", thread], "--parent-pid"],
      [["execsnoop", "-P", thread], "--ppid"],
    ] as const
  ) {
    const message =
      `ktop: ${option} takes a process, and ${thread} is a thread of process ${workload.pid}. ` +
      `Give ${workload.pid}.\n`;
    await assertRefused([...args], 2, new RegExp(`^${message.replaceAll(".", "\\.")}$`));
  }
  await workload.run();
});

Deno.test("ktop exits with 2 for an option in the place of a path", async () => {
  await assertRefused(
    ["profile", "--flame", "-F", "99"],
    2,
    /^ktop: --flame needs a path, and -F looks like an option\. A file with this name is \.\/-F\.\n$/,
  );
});

Deno.test("ktop exits with 1 and names a directory that does not exist", async () => {
  await assertRefused(["filetop", "-d", "/nonexistent"], 1, /\/nonexistent does not exist/);
  await assertRefused(["filetop", "-d", "/etc/passwd"], 1, /not a directory/);
  await assertRefused(["vfsstat", "--cgroup", "/etc"], 1, /not a cgroup v2 directory/);
});

Deno.test("ktop exits with 4 and names the missing feature when this kernel does not support the tier", async () => {
  const features = JSON.parse((await ktop(["doctor", "--json"])).stdout).features;
  for (const tier of ["fentry", "kprobe"] as const) {
    if (features[tier].answer === "yes") continue;
    await assertRefused(
      ["vfsstat", "--tier", tier],
      4,
      tier === "kprobe" ? /CONFIG_KPROBES/ : /fentry|ftrace/,
    );
  }
});

Deno.test("dcstat exits with 4 and the reason when the kernel has neither fentry nor kprobes", async () => {
  const list = JSON.parse((await ktop(["list", "--json"])).stdout);
  const dcstat = list.tools.find(({ tool }: { tool: string }) => tool === "dcstat");
  if (dcstat.tier === null) await assertRefused(["dcstat"], 4, /CONFIG_KPROBES/);
  else assert.equal((await ktop(["dcstat", "0.1", "1"])).code, 0);
});

Deno.test("ktop exits with 3 and names the missing capabilities", async () => {
  const run = await ktop(["vfsstat", "0.1", "1"], WITHOUT_BPF);
  assert.equal(run.code, 3, run.stderr);
  assert.match(run.stderr, /CAP_BPF/);
});

Deno.test("help prints what --help prints, for ktop, tools and commands", async () => {
  for (const words of [[], ["vfsstat"], ["ext4slower"], ["record"]]) {
    const run = await ktop(["help", ...words]);
    assert.deepEqual(run, await ktop([...words, "--help"]));
    assert.match(run.stdout, /^Usage: ktop /);
  }
  const unknown = await ktop(["help", "vfstat"]);
  assert.deepEqual([unknown.code, unknown.stderr], [
    2,
    'ktop: Unknown tool "vfstat". Did you mean vfsstat?\n',
  ]);
});

Deno.test("record refuses options that choose columns, order or format, and its help leaves them out", async () => {
  const { stdout } = await ktop(["record", "--help"]);
  for (
    const [option, ...value] of [["--csv"], ["--csv-exact"], ["--fields", "pid"], ["--sort", "pid"], [
      "--by",
      "pid",
    ]]
  ) {
    const { code, stderr } = await ktop(["record", "/nonexistent/file", option!, ...value]);
    assert.deepEqual([code, stderr], [
      2,
      `ktop: ${option} has no effect on record, which records every column of every row.\n`,
    ]);
    assert.ok(!stdout.includes(`${option} `));
  }
});

Deno.test("--help and --version exit with 0", async () => {
  const help = await ktop(["--help"]);
  assert.equal(help.code, 0);
  for (const word of ["filetop", "doctor", "--tier", "Exit codes"]) {
    assert.ok(help.stdout.includes(word), word);
  }
  const version = await ktop(["--version"]);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal((await ktop(["runqslower", "--help"])).code, 0);
});
