/**
 * ktop: a top for what the Linux kernel does with files, directory entries and the run queue.
 *
 * @module
 */
import { main } from "./src/cli/mod.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
