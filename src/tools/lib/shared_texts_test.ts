import assert from "node:assert/strict";
import { sharedTexts } from "./shared_texts.ts";

Deno.test("sharedTexts() makes the text of a number once, and of very many numbers the right one each time", () => {
  const made: number[] = [];
  const textOf = sharedTexts((number) => {
    made.push(number);
    return `<${number}>`;
  });
  assert.deepEqual([textOf(5), textOf(7), textOf(5), textOf(7)], ["<5>", "<7>", "<5>", "<7>"]);
  assert.deepEqual(made, [5, 7]);
  for (const round of [0, 1]) {
    for (let number = round; number < 3000; number++) assert.equal(textOf(number), `<${number}>`);
  }
  assert.ok(made.length > 4000, "it keeps a bounded number of texts");
});
