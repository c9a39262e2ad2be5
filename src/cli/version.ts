/**
 * The version, from deno.json: the only place where it is written.
 *
 * @module
 */
import configuration from "../../deno.json" with { type: "json" };

/** Version of ktop, semantic versioning. */
export const VERSION: string = configuration.version;
