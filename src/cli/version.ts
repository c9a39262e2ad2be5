/**
 * The version, from deno.json.
 *
 * @module
 */
import configuration from "../../deno.json" with { type: "json" };

/** Version of ktop (semantic versioning). */
export const VERSION: string = configuration.version;
