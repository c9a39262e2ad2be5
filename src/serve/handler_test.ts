import assert from "node:assert/strict";
import { metricsHandler } from "./handler.ts";
import type { HttpRequest } from "./request.ts";
import { tokenCheck } from "./token.ts";

const TOKEN = "0123456789abcdefTOKEN";

const request = (
  target: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): HttpRequest => ({
  method,
  target,
  headers: new Map(Object.entries(headers)),
});

const text = (format: string): Uint8Array => new TextEncoder().encode(format);

Deno.test("metrics are served in the format that is accepted, everything else is refused", async () => {
  const handle = metricsHandler(text, null);
  const answer = async (asked: HttpRequest) => {
    const { status, headers, body } = await handle(asked);
    return [status, headers["content-type"], new TextDecoder().decode(body)];
  };
  const plain = "text/plain; charset=utf-8";
  assert.deepEqual(await answer(request("/metrics?x")), [
    200,
    "text/plain; version=0.0.4; charset=utf-8",
    "prometheus",
  ]);
  assert.deepEqual(await answer(request("/metrics", { accept: "application/openmetrics-text" })), [
    200,
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
    "openmetrics",
  ]);
  for (const target of ["http://host:9433/metrics", "http://host/metrics?x"]) {
    assert.equal((await answer(request(target)))[0], 200, target);
  }
  assert.equal((await answer(request("http://host")))[0], 404);
  assert.deepEqual(await answer(request("/")), [404, plain, "The metrics are at /metrics.\n"]);
  assert.deepEqual(await answer(request("/metrics", {}, "POST")), [
    405,
    plain,
    "Only GET and HEAD are allowed.\n",
  ]);
});

Deno.test("with a token, only a request that has it is answered", async () => {
  const handle = metricsHandler(text, await tokenCheck(TOKEN));
  const status = async (authorization?: string): Promise<number> =>
    (await handle(request("/metrics", authorization === undefined ? {} : { authorization }))).status;
  assert.equal(await status(`Bearer ${TOKEN}`), 200);
  assert.equal(await status(`bearer   ${TOKEN}`), 200);
  for (
    const wrong of [undefined, "", "Bearer", "Bearer ", TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN}x`]
      .concat([`Bearer ${TOKEN.slice(1)}`, `Bearer ${TOKEN} x`, `Bearer ${TOKEN}, Bearer ${TOKEN}`])
  ) assert.equal(await status(wrong), 401, wrong);
  assert.equal((await handle(request("/", {}))).status, 401);
});
