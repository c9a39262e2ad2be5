import assert from "node:assert/strict";
import { BpfError, UnsupportedError, VerifierError } from "../../src/errors.ts";
import {
  attachObject,
  attachTool,
  type Hook,
  isOwnCode,
  loadBtf,
  possibleCpus,
  probeFeatures,
  RunTimeStats,
} from "../../src/bpf/mod.ts";
import { loadedPrograms, programsOf } from "../support/programs.ts";
import { until } from "../support/tmux.ts";
import { attachFixture, callUmask, COUNTING, openFixture, readGlobal } from "./bpf_fixture.ts";

/** File descriptors of this process that are BPF objects or perf events. */
function kernelFds(): string[] {
  return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      const target = Deno.readLinkSync(`/proc/self/fd/${name}`);
      return /bpf|perf_event|memfd/.test(target) ? [target] : [];
    } catch {
      return []; // the descriptor of the directory itself is closed by now
    }
  });
}

Deno.test("attachTool() chooses the third set when the kernel refuses the first at load and the second at attach", async () => {
  const hook: Hook = {
    name: "sys_enter",
    tiers: {
      tracepoint: [
        { all: ["refused__tracepoint"] },
        { all: ["sys_enter_btf__tracepoint", "unattached__tracepoint"] },
        { all: ["sys_enter__tracepoint"] },
      ],
    },
  };
  using attached = await attachFixture({ hooks: [hook] });
  assert.equal(attached.tier, "tracepoint");
  assert.deepEqual(attached.programs.map(({ name }) => name), ["sys_enter__tracepoint"]);
  callUmask(97);
  assert.equal(readGlobal(attached, "calls"), 97n); // counted once: no program of the other sets is attached
});

Deno.test("attachTool() gives maps the sizes of the chosen sets", async () => {
  const sized = (program: string, counts: number): Hook["tiers"]["tracepoint"] => [
    { all: ["refused__tracepoint"], maxEntries: { counts: 5 } },
    { all: [program], maxEntries: { counts } },
  ];
  const hook = { name: "sys_enter", tiers: { tracepoint: sized("sys_enter__tracepoint", 31) } };
  using attached = await attachFixture({ hooks: [hook] });
  assert.equal(attached.object.map("counts").maxEntries, 31);
});

Deno.test("attachTool() leaves out optional hooks and programs that the kernel refuses", async () => {
  const optional: Hook = {
    name: "refused",
    optional: "refused things",
    tiers: { tracepoint: [{ all: ["refused__tracepoint"] }] },
  };
  const any: Hook = {
    name: "sys_enter",
    tiers: { tracepoint: [{ all: ["sys_enter__tracepoint"], any: ["unattached__tracepoint"] }] },
  };
  using attached = await attachFixture({ hooks: [any, optional] });
  assert.deepEqual([...attached.hooks], [["sys_enter", "tracepoint"], ["refused", null]]);
  assert.deepEqual(attached.programs.map(({ name }) => name), ["sys_enter__tracepoint"]);
  assert.equal(attached.missing.length, 1);
  assert.equal(attached.missing[0]!.what, "refused things");
  assert.match(attached.missing[0]!.reason, /EACCES/);
  callUmask(5);
  assert.equal(readGlobal(attached, "calls"), 5n);
});

Deno.test("attachTool() throws UnsupportedError with the verifier's log when no set is left", async () => {
  const hook: Hook = { name: "sys_enter", tiers: { tracepoint: [{ all: ["refused__tracepoint"] }] } };
  await assert.rejects(attachFixture({ hooks: [hook] }), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.equal(error.exitCode, 4);
    assert.match(error.message, /^umask cannot run on this kernel: sys_enter cannot be observed: /);
    assert.ok(error.cause instanceof VerifierError);
    assert.match(error.cause.log, /R1 invalid mem access/);
    return true;
  });
});

for (const errno of ["EMFILE", "ENFILE", "ENOMEM"]) {
  Deno.test(`attachTool() rejects with ${errno} instead of choosing other programs or blaming the kernel`, async () => {
    const hook: Hook = {
      name: "sys_enter",
      optional: "all calls",
      tiers: { tracepoint: [{ all: ["sys_enter_btf__tracepoint"] }, { all: ["sys_enter__tracepoint"] }] },
    };
    const request = { tool: "fixture", hooks: [hook], constants: {} };
    const attaching = attachObject(request, () => {
      const object = openFixture();
      object.attach = () => Promise.reject(new BpfError("attach", errno));
      return object;
    });
    await assert.rejects(attaching, (error) => error instanceof BpfError && error.errno === errno);
  });
}

Deno.test("attachTool() throws UnsupportedError when the tier of --tier has no programs", async () => {
  for (const tier of ["fentry", "kprobe"] as const) {
    await assert.rejects(attachFixture({ tier }), (error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(error.message, new RegExp(`on the ${tier} tier: .*only through tracepoints`));
      return true;
    });
  }
});

Deno.test("attachTool() names a kernel function that does not exist", async () => {
  for (const tier of ["fentry", "kprobe"] as const) {
    const available = (await probeFeatures())[tier].answer === "yes";
    const hook: Hook = { name: "absent", tiers: { [tier]: [{ all: [`absent__${tier}`] }] } };
    await assert.rejects(attachFixture({ hooks: [hook], tier }), (error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(
        error.message,
        available ? /no function no_such_function_anywhere/ : new RegExp(`on the ${tier} tier: the kernel`),
      );
      assert.equal(error.remedy === "", available);
      return true;
    });
  }
});

Deno.test("attachTool() leaves no program, link, map or descriptor behind when it is closed or fails", async () => {
  const before = kernelFds();
  const loaded = new Set<number>();
  const remember = (): void => programsOf(Deno.pid).forEach((id) => loaded.add(id));
  const others = programsOf(Deno.pid);
  const attached = await attachFixture();
  readGlobal(attached, "calls");
  remember();
  assert.deepEqual([...loaded].filter((id) => !others.includes(id)), attached.programs.map(({ id }) => id));
  attached.close();
  const hook: Hook = {
    name: "sys_enter",
    tiers: { tracepoint: [{ all: ["sys_enter_btf__tracepoint", "unattached__tracepoint"] }] },
  };
  const attaching = attachObject({ tool: "umask", hooks: [hook], constants: {} }, () => {
    const object = openFixture();
    const { attach } = object;
    object.attach = (name) => {
      remember();
      return attach.call(object, name);
    };
    return object;
  });
  await assert.rejects(attaching, UnsupportedError);
  assert.deepEqual(kernelFds(), before);
  const own = [...loaded].filter((id) => !others.includes(id));
  assert.equal(own.length, 3);
  await until("the end of the programs", loadedPrograms, (ids) => !own.some((id) => ids.includes(id)));
});

Deno.test("BpfObject.close() frees the object after the load when it is called during it", async () => {
  const before = kernelFds();
  const object = openFixture();
  object.setAutoload("sys_enter__tracepoint", true);
  const load = object.load();
  object.close();
  await assert.rejects(load, (error) => error instanceof Error && /closed/.test(error.message));
  assert.deepEqual(kernelFds(), before);
});

Deno.test("attachTool() throws KtopError when the tool has no object", async () => {
  await assert.rejects(attachTool({ tool: "nonsense", hooks: [COUNTING], constants: {} }), {
    name: "KtopError",
    message: /nonsense/,
  });
});

Deno.test("libbpf prints nothing on stderr when a load fails", async () => {
  const script = `
    import { openFixture } from ${JSON.stringify(new URL("./bpf_fixture.ts", import.meta.url).href)};
    const object = openFixture();
    object.setAutoload("refused__tracepoint", true);
    const failure = await object.tryLoad();
    console.log(failure.program);
  `;
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", "--ext=ts", "--no-lock", script],
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(new TextDecoder().decode(output.stderr), "");
  assert.equal(new TextDecoder().decode(output.stdout), "refused__tracepoint\n");
});

Deno.test("RunTimeStats makes the kernel count the runs of a program", async () => {
  using attached = await attachFixture();
  const name = attached.programs[0]!.name;
  assert.equal(attached.object.programStats(name).id, attached.programs[0]!.id);
  using _stats = new RunTimeStats();
  const before = attached.object.programStats(name).runs;
  callUmask(100);
  const after = attached.object.programStats(name);
  assert.ok(after.runs - before >= 100n);
  assert.ok(after.runTimeNs > 0n);
});

Deno.test("probeFeatures() returns a conclusive answer for every feature when it runs as root", async () => {
  const { capabilities, config: _, ...probes } = await probeFeatures();
  assert.deepEqual(capabilities.missing, []);
  for (const [name, probe] of Object.entries(probes)) {
    assert.notEqual(probe.answer, "inconclusive", `${name}: ${probe.detail}`);
    if (probe.answer === "no") assert.notEqual(probe.detail, "", name);
  }
  assert.equal(probes.tracepoint.answer, "yes");
  assert.equal(probes.ringBuffer.answer, "yes");
});

Deno.test("loadBtf() finds functions, types, parameters, members and enumerators of this kernel", async () => {
  using types = await loadBtf();
  assert.equal(types.hasFunction("vfs_read"), true);
  assert.equal(types.hasFunction("no_such_function_anywhere"), false);
  assert.equal(types.hasType("task_struct"), true);
  assert.equal(types.hasType("no_such_type"), false);
  assert.equal(types.parameterCount("vfs_read"), 4);
  assert.equal(types.parameterCount("no_such_function_anywhere"), null);
  assert.equal(types.parameterOf("vfs_read", "file"), 0);
  assert.equal(types.parameterOf("vfs_open", "file"), 1);
  assert.equal(types.parameterOf("vfs_read", "dentry"), null);
  assert.ok(types.parameterCount("btf_trace_sched_switch")! >= 4);
  assert.equal(types.hasMember("task_struct", "pid"), true);
  assert.equal(types.hasMember("task_struct", "no_such_member"), false);
  assert.equal(types.hasMember("inode", "i_nlink"), true); // in an anonymous union
  const pids = types.enumerators("pid_type")!;
  assert.deepEqual(["PIDTYPE_PID", "PIDTYPE_TGID", "PIDTYPE_PGID"].map((name) => pids.get(name)), [0, 1, 2]);
  assert.equal(types.enumerators("no_such_enum"), null);
  assert.equal(types.memberOffset("list_head", "prev"), 8);
  assert.equal(types.memberOffset("inode", "i_mode"), 0);
  assert.ok(types.memberOffset("inode", "i_nlink")! > 0);
  assert.equal(types.memberOffset("list_head", "no_such_member"), null);
  assert.equal(types.module("no_such_module"), null);
  types.close();
  assert.throws(() => types.hasType("task_struct"), TypeError);
});

Deno.test("possibleCpus() is at least the number of CPUs that are online", () => {
  assert.ok(possibleCpus() >= navigator.hardwareConcurrency);
});

/** The functions of BPF programs in /proc/kallsyms that isOwnCode() takes for this process's. */
async function ownFunctions(): Promise<string[]> {
  const lines = (await Deno.readTextFile("/proc/kallsyms")).split("\n").filter((line) =>
    line.endsWith("[bpf]")
  );
  return lines.filter((line) => isOwnCode(BigInt(`0x${line.split(" ")[0]}`)))
    .map((line) => /\bbpf_prog_[0-9a-f]+_(\S+)/.exec(line)?.[1] ?? line).sort();
}

Deno.test("isOwnCode() knows the programs of an attached object, and none after it is closed", async () => {
  const before = await ownFunctions();
  const attached = await attachFixture();
  try {
    assert.deepEqual(await ownFunctions(), [...before, "sys_enter__tracepoint"].sort());
  } finally {
    attached.close();
  }
  assert.deepEqual(await ownFunctions(), before);
});
