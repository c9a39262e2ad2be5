/**
 * The worker thread of {@linkcode UserSymbols}: answers each request with one message per process.
 *
 * @module
 */
import type { ProcessRequest } from "./messages.ts";
import { Resolver } from "./resolver.ts";

/** The worker's global object, of which the types of a main thread know nothing. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<readonly ProcessRequest[]>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as WorkerScope;
const resolver = new Resolver();

scope.onmessage = ({ data }) => {
  for (const request of data) scope.postMessage(resolver.resolve(request));
};
