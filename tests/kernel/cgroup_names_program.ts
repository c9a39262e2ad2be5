/**
 * A program for cgroup_names_test.ts, which runs it in a cgroup namespace: prints the names of cgroups in the hierarchy that is
 * mounted at the first argument. The other arguments are `ID:PID`; the hierarchy does not show the last one. Two lists: by the
 * process, and by the id alone.
 *
 * @module
 */
import { Cgroups, findHierarchy } from "../../src/cgroups/mod.ts";
import { readMounts } from "../../src/ffi/mod.ts";
import { until } from "../support/tmux.ts";

const [point, ...pairs] = Deno.args;
const hierarchy = findHierarchy(readMounts().filter((mount) => mount.point === point))!;
const ids = pairs.map((pair) => pair.split(":").map(Number));
const names = (cgroups: Cgroups, byProcess: boolean): (string | null)[] =>
  ids.map(([id, pid]) => cgroups.nameOf(id!, byProcess ? pid! : null)?.name ?? null);

console.log(JSON.stringify(names(new Cgroups(hierarchy), true)));
const cgroups = new Cgroups(hierarchy);
const found = await until(
  "a walk through the tree",
  () => Promise.resolve(names(cgroups, false)),
  (all) => all.indexOf(null) === all.length - 1,
);
console.log(JSON.stringify(found));
