import assert from "node:assert/strict";
import { followPath, type TrustSystem } from "./trust.ts";

interface Entry {
  readonly kind: "dir" | "file" | "fifo" | { readonly link: string };
  readonly uid?: number;
  readonly mode?: number;
}

/** A file system with these entries, for user 1000. */
function system(entries: Record<string, Entry>, uid = 1000): TrustSystem {
  const all: Record<string, Entry> = {
    "/": { kind: "dir", uid: 0 },
    "/home": { kind: "dir", uid: 0 },
    "/tmp": { kind: "dir", uid: 0, mode: 0o1777 },
    ...entries,
  };
  return {
    uid: () => uid,
    readLink: (path) => (all[path]?.kind as { link: string }).link,
    lstat(path) {
      const entry = all[path];
      if (!entry) throw new Deno.errors.NotFound(path);
      const { kind, uid: owner = 1000, mode = kind === "dir" ? 0o755 : 0o644 } = entry;
      return {
        isFile: kind === "file",
        isDirectory: kind === "dir",
        isSymlink: typeof kind === "object",
        mode: typeof kind === "object" ? 0o777 : mode,
        uid: owner,
      };
    },
  };
}

const dir: Entry = { kind: "dir" };
const file: Entry = { kind: "file" };
const HOME = { "/home/me": dir, "/home/me/ktop": dir };
const PATH = "/home/me/ktop/config.toml";

Deno.test("followPath() trusts a file of the user in directories of the user and root", () => {
  const found = followPath(PATH, system({ ...HOME, [PATH]: file }));
  assert.deepEqual(found, { real: PATH, exists: true, problem: null });
  assert.equal(followPath(PATH, system({ ...HOME, [PATH]: { ...file, uid: 0 } })).problem, null);
});

const DISTRUSTED: readonly (readonly [what: string, entries: Record<string, Entry>, message: RegExp])[] = [
  [
    "the file belongs to another user",
    { [PATH]: { ...file, uid: 1001 } },
    /config\.toml belongs to user 1001/,
  ],
  ["the group can write it", { [PATH]: { ...file, mode: 0o664 } }, /others can write .*config\.toml/],
  ["all can write it", { [PATH]: { ...file, mode: 0o602 } }, /others can write .*config\.toml/],
  [
    "all can write its directory",
    { "/home/me/ktop": { ...dir, mode: 0o777 }, [PATH]: file },
    /others can write \/home\/me\/ktop\./,
  ],
  [
    "a parent directory belongs to another user",
    { "/home/me": { ...dir, uid: 1001 }, [PATH]: file },
    /\/home\/me belongs/,
  ],
  [
    "all can write the root directory",
    { "/": { ...dir, uid: 0, mode: 0o777 }, [PATH]: file },
    /others can write \/\./,
  ],
  [
    "a link leads through a directory that all can write",
    { [PATH]: { kind: { link: "/open/c" } }, "/open": { ...dir, mode: 0o777 }, "/open/c": file },
    /others can write \/open\./,
  ],
  [
    "a link belongs to another user",
    { [PATH]: { kind: { link: "c" }, uid: 1001 }, "/home/me/ktop/c": file },
    /config\.toml belongs/,
  ],
  [
    "there is no file, but others can write the directory",
    { "/home/me/ktop": { ...dir, mode: 0o777 } },
    /others can write/,
  ],
];

for (const [what, entries, message] of DISTRUSTED) {
  Deno.test(`followPath() reports the reason when ${what}`, () => {
    const { problem } = followPath(PATH, system({ ...HOME, ...entries }));
    assert.match(problem?.message ?? "", message);
  });
}

Deno.test("followPath() does not trust a user's file when ktop runs as root, and names sudo -H", () => {
  const { problem } = followPath(PATH, system({ ...HOME, [PATH]: file }, 0));
  assert.match(problem?.message ?? "", /\/home\/me belongs to user 1000, not to root/);
  assert.match(problem?.remedy ?? "", /sudo -H/);
});

Deno.test("followPath() trusts a sticky directory, where other users cannot replace the file", () => {
  const entries = { "/tmp/x": dir, "/tmp/x/c": file };
  assert.equal(followPath("/tmp/x/c", system(entries)).problem, null);
  const open = { ...entries, "/tmp": { ...dir, uid: 0, mode: 0o777 } };
  assert.match(followPath("/tmp/x/c", system(open)).problem?.message ?? "", /others can write \/tmp\./);
});

Deno.test("followPath() follows links, relative, absolute and upwards, to the file itself", () => {
  const entries = {
    ...HOME,
    "/home/me/dot": dir,
    "/home/me/dot/c": file,
    [PATH]: { kind: { link: "../dot/./c" } } as const,
    "/home/me/abs": { kind: { link: PATH } } as const,
  };
  assert.equal(followPath("/home/me/abs", system(entries)).real, "/home/me/dot/c");
});

Deno.test("followPath() returns the path of a file that does not exist yet", () => {
  assert.deepEqual(followPath(PATH, system({ "/home/me": dir })), {
    real: PATH,
    exists: false,
    problem: null,
  });
});

Deno.test("followPath() throws when the path does not lead to a regular file", () => {
  const loop = { ...HOME, [PATH]: { kind: { link: PATH } } as const };
  assert.throws(() => followPath(PATH, system(loop)), /too many links/);
  assert.throws(() => followPath(PATH, system({ ...HOME, [PATH]: { kind: "fifo" } })), /is not a file/);
  assert.throws(() => followPath(PATH, system({ ...HOME, [PATH]: dir })), /is not a file/);
  assert.throws(() => followPath(`${PATH}/x`, system({ ...HOME, [PATH]: file })), /is not a directory/);
});
