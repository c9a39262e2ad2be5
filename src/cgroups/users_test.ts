import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { parseUser, Users } from "./users.ts";

const passwd = () => "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n";

Deno.test("parseUser() accepts numbers and names", () => {
  assert.equal(parseUser("1000", passwd), 1000);
  assert.equal(parseUser("www-data", passwd), 33);
  assert.equal(parseUser("root", passwd), 0);
});

Deno.test("parseUser() refuses unknown users", () => {
  for (const user of ["www", "x", "", "4294967295", "root:x", "www-data:x:33"]) {
    assert.throws(() => parseUser(user, passwd), UsageError);
  }
});

Deno.test("Users escapes names, takes the first of an id, and skips lines that are not of passwd(5)", () => {
  const text = "root:x:0:0\ntoor:x:0:0::/other\n\x1b[2J:x:7:7::/home/x:y\n+nis\n:x:8:8\nlast:x:9:9::relative";
  const users = new Users({ identity: () => "", text: () => text });
  assert.deepEqual([0, 7, 8, 9].map((id) => users.nameOf(id)), ["root", "\\x1b[2J", null, "last"]);
  assert.deepEqual([0, 7, 8, 9].map((id) => users.homeOf(id)), [null, "/home/x", null, null]);
});

Deno.test("Users reads the file again once it has changed, and looks every ten seconds", () => {
  let text = "root:x:0:0\n";
  let identity: string | null = "1";
  let ms = 0;
  let reads = 0;
  const file = {
    identity: () => identity,
    text: () => {
      reads++;
      return text;
    },
  };
  const users = new Users(file, () => ms);
  assert.deepEqual([users.nameOf(0), users.nameOf(5)], ["root", null]);
  text += "new:x:5:5\n";
  identity = "2";
  ms = 9_999;
  assert.equal(users.refresh(), false);
  assert.equal(users.nameOf(5), null);
  ms = 10_000;
  assert.equal(users.refresh(), true);
  assert.equal(users.nameOf(5), "new");
  ms = 20_000;
  assert.equal(users.refresh(), false);
  assert.equal(reads, 2);
  identity = null;
  ms = 30_000;
  assert.equal(users.refresh(), true);
  assert.equal(users.nameOf(0), null);
});
