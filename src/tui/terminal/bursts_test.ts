import assert from "node:assert/strict";
import { joinBursts } from "./bursts.ts";
import { parseInput } from "./input.ts";

/** What one read is: keys by name, pastes in quotes. */
function read(text: string, continued = false): string[] {
  const { events } = parseInput(new Uint8Array(), new TextEncoder().encode(text));
  return joinBursts(events, continued).map((event) =>
    event.kind === "key" ? event.key : event.kind === "paste" ? JSON.stringify(event.text) : event.button
  );
}

Deno.test("joinBursts() takes many different characters in one read for a paste", () => {
  assert.deepEqual(read("rm -rf q"), ['"rm -rf q"']);
  assert.deepEqual(read("sqlite3\rWq\r"), ['"sqlite3\\nWq\\n"']);
  assert.deepEqual(read("a\tb\tWq"), ['"a\\tb\\tWq"']);
  assert.deepEqual(read("\x1b[Ahello Wq\x03"), ["Up", '"hello Wq"', "Ctrl-C"]);
  assert.deepEqual(read("日本語をWq"), ['"日本語をWq"']);
});

Deno.test("joinBursts() leaves repeated and few keys alone", () => {
  for (
    const typed of [
      "j".repeat(200),
      "jjjjkkkkjjjj",
      "tjjjj\r",
      "sjjk\r",
      "[[[[[{{{{{]",
      "wWq",
      "j\x1b[B".repeat(9),
    ]
  ) {
    assert.ok(!read(typed).some((event) => event.startsWith('"')), typed);
  }
});

Deno.test("joinBursts() takes the characters at the start of a read for the rest of an unfinished paste", () => {
  assert.deepEqual(read("q\r", true), ['"q\\n"']);
  assert.deepEqual(read("\x1b[Aq", true), ["Up", "q"]);
});
