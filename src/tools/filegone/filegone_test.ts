import assert from "node:assert/strict";
import { CLOCK, record } from "../../../tests/support/record.ts";
import { PathPart, Walked } from "../lib/paths.ts";
import type { Members } from "../lib/struct.ts";
import { FilegoneEvent } from "./layout.gen.ts";
import { readEvent } from "./mod.ts";

const [DELETE, RMDIR, RENAME] = [0, 1, 2];
const GIVEN = PathPart.given | PathPart.relative;

/** The row of an event as the BPF side writes it. */
function read(members: Members<FilegoneEvent>, strings: readonly string[]) {
  const {
    time: _time,
    pid: _pid,
    tid: _tid,
    comm: _comm,
    uid: _uid,
    user: _user,
    cgroup_id: _id,
    container: _name,
    unit: _unit,
    ...row
  } = readEvent(
    record(
      FilegoneEvent,
      { walked: Walked.root, new_walked: Walked.root, comm: "mv\0", ...members },
      strings,
    ),
    CLOCK,
  )!;
  return row;
}

Deno.test("filegone's readEvent() reads one name or two, with their directories", () => {
  assert.deepEqual(read({ action: DELETE, names: 2 }, ["a", "tmp", "var"]), {
    action: "DELETE",
    file: "a",
    dir: "/var/tmp",
    name: "a",
    new_name: null,
    path: "/var/tmp/a",
    new_path: null,
  });
  assert.deepEqual(read({ action: RENAME, names: 1, same_directory: 1 }, ["a", "b", "tmp"]), {
    action: "RENAME",
    file: "a > b",
    dir: "/tmp",
    name: "a",
    new_name: "b",
    path: "/tmp/a",
    new_path: "/tmp/b",
  });
  const long = "x".repeat(255);
  assert.deepEqual(read({ action: RENAME, names: 1 }, [long, "b", "tmp"]), {
    action: "RENAME",
    file: `${long} > b`,
    dir: "/tmp > /",
    name: long,
    new_name: "b",
    path: `/tmp/${long}`,
    new_path: "/b",
  });
});

Deno.test("filegone's readEvent() resolves paths from the directories that they start at", () => {
  const paths = { action: RENAME, path_parts: GIVEN, new_path_parts: GIVEN, names: 2 };
  const { dir, path, new_path } = read(paths, ["../a", "sub/b", "tmp", "var", "opt"]);
  assert.deepEqual([dir, path, new_path], ["/var > /opt/sub", "/var/a", "/opt/sub/b"]);
  const absolute = { action: DELETE, path_parts: PathPart.given, walked: Walked.none };
  assert.equal(read(absolute, ["/etc//x"]).path, "/etc/x");
});

Deno.test("filegone's readEvent() marks names, directories and starts that are not known completely", () => {
  const name = "n".repeat(256);
  assert.equal(read({ action: DELETE, names: 0 }, [name]).file, `${name.slice(0, 255)}\\…`);
  assert.equal(read({ action: DELETE, walked: Walked.cut, names: 1 }, ["a", "d"]).path, "\\…/d/a");
  const given = { action: DELETE, path_parts: GIVEN };
  assert.equal(read({ ...given, walked: Walked.none }, ["x/a"]).path, "\\…/x/a");
  assert.equal(read({ ...given, walked: Walked.none }, [name]).file, name);
});

Deno.test("filegone's readEvent() removes trailing slashes of a directory's name, and escapes control characters", () => {
  const rmdir = { action: RMDIR, path_parts: GIVEN, names: 1 };
  const { file, dir } = read(rmdir, ["dir//", "d\x1b"]);
  assert.deepEqual([file, dir], ["dir", "/d\\x1b"]);
  assert.equal(read({ action: DELETE }, ["a\nb"]).file, "a\\nb");
});
