/**
 * Parses the head of an HTTP/1 request (RFC 9112).
 *
 * @module
 */

/** A request without its body, which is never read. */
export interface HttpRequest {
  readonly method: string;
  readonly target: string;
  /** By name in lower case; values of a repeated header are joined with a comma. */
  readonly headers: ReadonlyMap<string, string>;
}

const REQUEST_LINE = /^([A-Z]{1,32}) ([!-~]+) HTTP\/1\.[01]$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t -~\x80-\xff]*)$/;

/** Parses the lines before the empty one, as Latin-1. Null: malformed. */
export function parseRequest(head: string): HttpRequest | null {
  const [first = "", ...lines] = head.split("\r\n");
  const [, method, target] = REQUEST_LINE.exec(first) ?? [];
  if (method === undefined || target === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value.trim() : `${before}, ${value.trim()}`);
  }
  return { method, target, headers };
}

/** A part of the header `Accept`: media type, parameters, weight. */
interface Accepted {
  readonly type: string;
  readonly version: string | null;
  readonly weight: number;
}

function accepted(part: string): Accepted {
  const [type = "", ...parameters] = part.split(";").map((word) => word.trim().toLowerCase());
  const named = new Map(parameters.map((parameter) => {
    const [name = "", value = ""] = parameter.split("=");
    return [name.trim(), value.trim().replaceAll('"', "")];
  }));
  const weight = Number(named.get("q") ?? 1);
  return { type, version: named.get("version") ?? null, weight: weight >= 0 && weight <= 1 ? weight : 0 };
}

/** Whether the client prefers OpenMetrics 1.0 to the older text format. */
export function prefersOpenMetrics(accept: string): boolean {
  const parts = accept.split(",").map(accepted);
  const weightOf = (matches: (part: Accepted) => boolean): number =>
    Math.max(0, ...parts.filter(matches).map(({ weight }) => weight));
  const open = weightOf(({ type, version }) =>
    type === "application/openmetrics-text" && (version === null || version === "1.0.0")
  );
  return open > 0 && open >= weightOf(({ type }) => type === "text/plain");
}
