import assert from "node:assert/strict";
import { type Ancestor, chainText, parseChain } from "./process_chain.ts";

const MORE: Ancestor = { pid: null, comm: null };

Deno.test("chainText() writes the nearest process first, and parseChain() reads it", () => {
  const chain: Ancestor[] = [{ pid: 812, comm: "make" }, { pid: 700, comm: "my shell" }, {
    pid: 1,
    comm: "",
  }];
  const text = "make(812) < my shell(700) < (1)";
  assert.equal(chainText(chain), text);
  assert.deepEqual(parseChain(text), chain);
  assert.equal(chainText([...chain, MORE]), `${text} < ...`);
  assert.deepEqual(parseChain(`${text} < ...`), [...chain, MORE]);
  assert.equal(chainText([]), "");
  assert.deepEqual(parseChain(""), []);
});

Deno.test("a name cannot imitate another process, the end of the chain or an escape", () => {
  for (
    const comm of ["a(1) < b", "a < ...", "...", "(1)", "<", "a(7", "\\\\x3c", "\\x1b[31m", "\\\\<", " < "]
  ) {
    const chain: Ancestor[] = [{ pid: 5, comm }, { pid: 1, comm: "init" }];
    assert.deepEqual(parseChain(chainText(chain)), chain, comm);
  }
});
