import assert from "node:assert/strict";
import { parseRequest, prefersOpenMetrics } from "./request.ts";

Deno.test("a request has a method, a target and headers by lower-case name", () => {
  const request = parseRequest("GET /metrics?a=b HTTP/1.1\r\nHost: x:1\r\nACCEPT:a \r\naccept:\tb")!;
  assert.deepEqual([request.method, request.target], ["GET", "/metrics?a=b"]);
  assert.deepEqual(Object.fromEntries(request.headers), { host: "x:1", accept: "a, b" });
});

for (
  const head of [
    "",
    "GET /metrics",
    "GET  /metrics HTTP/1.1",
    "GET /metrics HTTP/2.0",
    "get /metrics HTTP/1.1",
    "GET /me trics HTTP/1.1",
    "GET /\x00 HTTP/1.1",
    "GET / HTTP/1.1\nHost: x",
    "GET / HTTP/1.1\r\nHost",
    "GET / HTTP/1.1\r\n folded: x",
    "GET / HTTP/1.1\r\nHost : x",
    "GET / HTTP/1.1\r\nHost: a\rb",
    "GET / HTTP/1.1\r\nHost: a\x1bb",
    "PRI * HTTP/2.0",
    "\x16\x03\x01\x02",
  ]
) {
  Deno.test(`${JSON.stringify(head)} is malformed`, () => assert.equal(parseRequest(head), null));
}

for (
  const [accept, open] of [
    ["", false],
    ["*/*", false],
    ["text/plain", false],
    ["application/openmetrics-text", true],
    ["application/openmetrics-text;version=1.0.0", true],
    ['Application/OpenMetrics-Text; Version="1.0.0"; q=0.5', true],
    ["application/openmetrics-text;version=2.0.0", false],
    ["application/openmetrics-text;q=0", false],
    ["application/openmetrics-text;q=nonsense, text/plain", false],
    ["application/openmetrics-text;q=0.2,text/plain;q=0.5", false],
    // Prometheus 2.42
    [
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
      true,
    ],
  ] as const
) {
  Deno.test(`Accept "${accept}" prefers ${open ? "OpenMetrics" : "the older format"}`, () => {
    assert.equal(prefersOpenMetrics(accept), open);
  });
}
