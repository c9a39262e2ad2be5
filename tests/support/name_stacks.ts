/**
 * Names the stacks on standard input, JSON of {@linkcode StackAddresses} with addresses as texts, and prints JSON: a test starts it
 * with fewer capabilities than it has.
 *
 * @module
 */
import { UserSymbols } from "../../src/symbols/mod.ts";

const requests: { pid: number; addresses: string[] }[] = await new Response(Deno.stdin.readable).json();
const stacks = requests.map(({ pid, addresses }) => ({ pid, addresses: addresses.map(BigInt) }));
using symbols = new UserSymbols({ timeoutMs: 120_000, maxWaitMs: 120_000 });
await symbols.resolve(stacks);
console.log(JSON.stringify(stacks.map(({ pid, addresses }) => symbols.frames(pid, addresses))));
