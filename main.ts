/**
 * ktop: a top for what the Linux kernel does with files, directory entries and the run queue.
 *
 * @module
 */
import { main } from "./src/cli/main.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
