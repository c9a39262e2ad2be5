import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { MAX_HOSTS, parseHosts } from "./hosts.ts";

Deno.test("parseHosts() takes names, users, ports, addresses and aliases", () => {
  assert.deepEqual(parseHosts(["@web", "@root@web", "@web:2222", "@a.b.example", "@::1", "@[::1]:2222"]), [
    { name: "web", destination: "web", port: null },
    { name: "root@web", destination: "root@web", port: null },
    { name: "web:2222", destination: "web", port: 2222 },
    { name: "a.b.example", destination: "a.b.example", port: null },
    { name: "::1", destination: "::1", port: null },
    { name: "[::1]:2222", destination: "::1", port: 2222 },
  ]);
});

Deno.test("parseHosts() refuses what ssh or a shell could take for something else", () => {
  const refused = [
    "@",
    "@-oProxyCommand=id",
    "@root@-oProxyCommand=id",
    "@-l@host",
    "@a b",
    "@a;id",
    "@$(id)",
    "@`id`",
    "@a'b",
    '@a"b',
    "@a\nb",
    "@a\x1b[2J",
    "@a/b",
    "@ssh://a",
    "@a|b",
    "@a:0",
    "@a:65536",
    "@a:x",
    "@a:",
    "@user@",
    "@$(id)@host",
    "@a b@host",
    "@it's@host",
    "@[::1",
    `@${"a".repeat(256)}`,
  ];
  for (const word of refused) {
    assert.throws(() => parseHosts([word]), UsageError, JSON.stringify(word));
  }
});

Deno.test("parseHosts() escapes the word in its message", () => {
  assert.throws(() => parseHosts(["@a\x1b[2J"]), /@a\\x1b\[2J is not a host/);
});

Deno.test("parseHosts() refuses a host that is given twice, and too many hosts", () => {
  assert.throws(() => parseHosts(["@web", "@WEB"]), /The host WEB is given twice/);
  assert.throws(() => parseHosts(["@web", "@web:22"]), /twice/);
  assert.equal(parseHosts(["@web", "@web:23", "@root@web"]).length, 3);
  const many = Array.from({ length: MAX_HOSTS }, (_, i) => `@h${i}`);
  assert.equal(parseHosts(many).length, MAX_HOSTS);
  assert.throws(() => parseHosts([...many, "@more"]), /At most 32 hosts/);
});
