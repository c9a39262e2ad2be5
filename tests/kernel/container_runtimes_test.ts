/**
 * Containers of real runtimes that use files, the network and the CPU: every row has their names, and `--container` counts exactly
 * what they do.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ContainerRuntime, hasRuntime, type RuntimeName } from "../support/container_runtime.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { RunningKtop } from "../support/ktop.ts";
import { hierarchies } from "../support/named_cgroups.ts";
import { Opener } from "../support/opener.ts";
import { Slice } from "../support/slice.ts";
import { losses, type Row, rowsOf, sumColumn } from "../support/ticks.ts";

/** Opens a file a number of times. */
const opens = (count: number): string => `i=0; while [ $i -lt ${count} ]; do : < /opened; i=$((i + 1)); done`;

/** Writes eight bytes a number of times to a file that it opens once. */
const writes = (count: number): string =>
  `i=0; while [ $i -lt ${count} ]; do echo 0123456; i=$((i + 1)); done > /tmp/written`;

/** Sends this many bytes over TCP to itself. The server's input stays open, so that the client closes first. */
const sends = (bytes: number): string =>
  "busybox mkfifo /tmp/open; exec 3<> /tmp/open; busybox nc -l -p 7000 <&3 > /tmp/received & " +
  `until busybox head -c ${bytes} /bin/busybox | busybox nc 127.0.0.1 7000; do :; done; wait`;

/** Computes for a while. */
const COMPUTES = "i=0; while [ $i -lt 400000 ]; do i=$((i + 1)); done";

const named = (rows: readonly Row[], container: string): Row[] =>
  rows.filter((row) => row.container === container);

for (const runtime of ["podman", "docker"] satisfies RuntimeName[]) {
  Deno.test({
    name: hasRuntime(runtime)
      ? `each row has the name of ${runtime}'s container, and --container counts exactly its operations`
      : `containers of ${runtime}, which is not installed`,
    ignore: !hasRuntime(runtime),
    async fn() {
      await using directory = await TemporaryDirectory.make();
      await using containers = await ContainerRuntime.start(runtime, directory.path);
      await using slice = new Slice(hierarchies()[0]!);
      const web = await containers.container(
        "web1",
        [opens(13), writes(101), sends(1009), COMPUTES].join("\n"),
      );
      const db = await containers.container("db1", [opens(17), writes(103), COMPUTES].join("\n"));
      const unit = await Opener.start(19);
      await slice.add("ktop_test.service", unit.pid);
      const runs = [
        ["opensnoop"],
        ["opensnoop", "--container", "web1"],
        ["opensnoop", "--container", "!web1"],
        ["opensnoop", "--container", "brief1"],
        ["filetop", "-a", "--container", `${runtime}:db1`],
        ["vfsstat", "--container", "db1"],
        ["nettop", "--container", "web1"],
        ["profile"],
      ].map((args) => new RunningKtop([...args, "--json", "-i", "0.3"], containers.seesState));
      for (const run of runs) await run.tick();
      await Promise.all([web.run(), db.run(), unit.run()]);
      await containers.brief("brief1", opens(23));
      const found = await Promise.all(runs.map(async (run) => {
        const { ticks, stderr } = await run.finish();
        assert.match(
          stderr,
          /^(ktop: \S+ runs without container brief1: there is none now, and ktop waits for it\n)?$/,
        );
        assert.deepEqual(losses(ticks), { events: 0, keys: 0 });
        return rowsOf(ticks);
      }));
      const [all, ofWeb, notWeb, ofBrief, files, calls, sockets, samples] = found;
      const [webName, dbName, briefName] = ["web1", "db1", "brief1"].map((name) => `${runtime}:${name}`);
      const opened = (rows: readonly Row[]): Record<string, number> => {
        const counts: Record<string, number> = {};
        for (const { path, container } of rows) {
          if (path !== "/opened" && container !== "ktop_test.service") continue;
          counts[String(container)] = (counts[String(container)] ?? 0) + 1;
        }
        return counts;
      };
      assert.deepEqual(opened(all!), {
        [webName!]: 13,
        [dbName!]: 17,
        [briefName!]: 23,
        "ktop_test.service": 19,
      });
      assert.deepEqual(opened(ofWeb!), { [webName!]: 13 });
      assert.deepEqual(opened(notWeb!), { [dbName!]: 17, [briefName!]: 23, "ktop_test.service": 19 });
      assert.deepEqual(opened(ofBrief!), { [briefName!]: 23 });
      const written = files!.filter(({ file }) => file === "written");
      assert.deepEqual(written.map(({ container }) => container), written.map(() => dbName));
      assert.deepEqual([sumColumn(written, "writes"), sumColumn(written, "write_bytes")], [103, 103 * 8]);
      assert.equal(sumColumn(calls!, "open"), 18);
      assert.deepEqual([...new Set(sockets!.map(({ container }) => container))], [webName]);
      assert.equal(sumColumn(sockets!, "tx_bytes"), 1009);
      for (const name of [webName!, dbName!]) assert.ok(named(samples!, name).length > 0, name);
    },
  });
}
