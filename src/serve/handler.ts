/**
 * Answers requests: metrics, or why not.
 *
 * @module
 */
import { METRICS_TYPES, type MetricsFormat } from "../output/mod.ts";
import { METRICS_PATH } from "./address.ts";
import { type HttpRequest, prefersOpenMetrics } from "./request.ts";

/** A response. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A response in one line of text. */
export function plain(status: number, text: string, headers: HttpResponse["headers"] = {}): HttpResponse {
  return {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", ...headers },
    body: new TextEncoder().encode(`${text}\n`),
  };
}

/**
 * Makes the function that answers requests.
 *
 * @param text the metrics
 * @param mayRead whether a header `Authorization` has the token; null: no token is needed
 */
export function metricsHandler(
  text: (format: MetricsFormat) => Uint8Array,
  mayRead: ((authorization: string) => Promise<boolean>) | null,
): (request: HttpRequest) => Promise<HttpResponse> {
  return async ({ method, target, headers }) => {
    if (mayRead !== null && !await mayRead(headers.get("authorization") ?? "")) {
      return plain(401, "A bearer token is needed.", { "www-authenticate": 'Bearer realm="ktop"' });
    }
    if (method !== "GET" && method !== "HEAD") {
      return plain(405, "Only GET and HEAD are allowed.", { allow: "GET, HEAD" });
    }
    // A proxy may send the absolute form (RFC 9112, 3.2.2).
    const path = target.replace(/^http:\/\/[^/?]*/i, "").split("?", 1)[0];
    if (path !== METRICS_PATH) return plain(404, `The metrics are at ${METRICS_PATH}.`);
    const format = prefersOpenMetrics(headers.get("accept") ?? "") ? "openmetrics" : "prometheus";
    return { status: 200, headers: { "content-type": METRICS_TYPES[format] }, body: text(format) };
  };
}
