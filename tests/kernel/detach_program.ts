/**
 * A program for detach_test.ts: locks the file that is its argument, starts the child process, closes the file, prints "closed", and
 * ends at the end of its input.
 *
 * @module
 */
import { forkDescriptorHolder } from "../../src/ffi/detach.ts";

const file = Deno.openSync(Deno.args[0]!, { write: true });
file.lockSync(true);
forkDescriptorHolder();
file.close();
console.log("closed");
await Deno.stdin.readable.pipeTo(new WritableStream());
