import assert from "node:assert/strict";
import { UsageError } from "../../errors.ts";
import { parseUser } from "./users.ts";

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
