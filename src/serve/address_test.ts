import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { isLocal, metricsUrl, parseListenAddress } from "./address.ts";

for (
  const [text, url, loopback] of [
    ["127.0.0.1:9433", "http://127.0.0.1:9433/metrics", true],
    ["127.255.0.9:1", "http://127.255.0.9:1/metrics", true],
    ["localhost:0", "http://127.0.0.1:0/metrics", true],
    ["[::1]:65535", "http://[::1]:65535/metrics", true],
    ["[0:0:0:0:0:0:0:1]:80", "http://[::1]:80/metrics", true],
    ["[::ffff:127.0.0.1]:80", "http://[::ffff:7f00:1]:80/metrics", true],
    ["0.0.0.0:80", "http://0.0.0.0:80/metrics", false],
    ["[::]:80", "http://[::]:80/metrics", false],
    ["128.0.0.1:80", "http://128.0.0.1:80/metrics", false],
    ["[::ffff:8.8.8.8]:80", "http://[::ffff:808:808]:80/metrics", false],
    ["[fe80::1]:80", "http://[fe80::1]:80/metrics", false],
  ] as const
) {
  Deno.test(`--listen ${text} is ${loopback ? "loopback" : "foreign"}`, () => {
    const address = parseListenAddress(text);
    assert.equal(metricsUrl(address), url);
    assert.equal(isLocal(address), loopback);
  });
}

for (
  const text of [
    "",
    "9433",
    "127.0.0.1",
    "127.1:80",
    "127.0.0.01:80",
    "127.0.0.1:65536",
    "::1:80",
    "[::g]:80",
  ]
    .concat([
      "example.org:80",
      "[127.0.0.1]:80",
      "127.0.0.1:80 ",
      "[::1]:",
      "127.0.0.256:1",
      "[fe80::1%lo]:1",
    ])
) {
  Deno.test(`--listen "${text}" is wrong usage`, () => {
    assert.throws(() => parseListenAddress(text), UsageError);
  });
}

Deno.test("a Unix socket is local, and shown with its path escaped", () => {
  assert.ok(isLocal({ path: "/run/k\x1b.sock" }));
  assert.equal(
    metricsUrl({ path: "/run/k\x1b.sock" }),
    "http://localhost/metrics through the socket /run/k\\x1b.sock",
  );
});
