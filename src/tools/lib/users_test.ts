import assert from "node:assert/strict";
import { UsageError } from "../../errors.ts";
import { parseUser, parseUserNames, userNames } from "./users.ts";

const passwd = () => "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n";

Deno.test("parseUser() accepts numbers and names", () => {
  assert.equal(parseUser("1000", passwd), 1000);
  assert.equal(parseUser("www-data", passwd), 33);
  assert.equal(parseUser("root", passwd), 0);
});

Deno.test("parseUser() refuses unknown users", () => {
  for (const user of ["www", "x", "", "4294967295"]) {
    assert.throws(() => parseUser(user, passwd), UsageError);
  }
});

Deno.test("parseUserNames() escapes names, takes the first of an id, and skips lines that are not of passwd(5)", () => {
  const names = parseUserNames("root:x:0:0\ntoor:x:0:0\n\x1b[2J:x:7:7\n+nis\n:x:8:8\nlast:x:9:9:");
  assert.deepEqual([...names], [[0, "root"], [7, "\\x1b[2J"], [9, "last"]]);
});

Deno.test("userNames() reads the file again when its names are ten seconds old", () => {
  let text = "root:x:0:0\n";
  let ms = 0;
  const nameOf = userNames(() => text, () => ms);
  assert.deepEqual([nameOf(0), nameOf(5)], ["root", null]);
  text += "new:x:5:5\n";
  ms = 9_000;
  assert.equal(nameOf(5), null);
  ms = 10_001;
  assert.equal(nameOf(5), "new");
});
