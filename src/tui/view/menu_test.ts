import assert from "node:assert/strict";
import { TestScreen } from "../../../tests/support/test_screen.ts";

Deno.test("view() marks what is cut in a menu, and leaves what fits as it is", () => {
  assert.match(new TestScreen([60, 12]).press("t").text(), /dcstat +cannot run +A fake dcstat[^│]*…│/);
  assert.match(new TestScreen([20, 5]).press("s").text(), /\n TID +What…?.*…\n/);
  assert.match(
    new TestScreen([120, 40]).press("s").text(),
    /│ TID +What TID says about one row of this tool\. *│/,
  );
});

/** The text below the entries of a box, without its frame, in one line. */
function boxText(screen: TestScreen): string {
  return [...screen.text().matchAll(/│(.*)│/g)].map(([, text]) => text!.trim()).join(" ");
}

Deno.test("a narrow menu shows the whole text of the selected entry below the list, also of long lists", () => {
  const screen = new TestScreen([40, 12]).press("e");
  for (const text of ["-a: All types.", "-d: Only files below it.", "-r: At most this many."]) {
    assert.ok(boxText(screen).includes(text), text);
    assert.ok(boxText(screen).includes("sort-by"), "the list");
    screen.press("Down");
  }
  assert.ok(boxText(screen).includes("The order: reads, all"));
  const columns = new TestScreen([40, 12]).press("s");
  const titles = columns.arranged().menu!.entries.map(({ name }) => name);
  for (const { text } of columns.arranged().menu!.entries) {
    assert.ok(boxText(columns).includes(text), text);
    columns.press("Down");
  }
  assert.ok(titles.length > 8);
});

Deno.test("the text below the entries is cut where it has too few lines", () => {
  const last = (height: number): string => new TestScreen([40, height]).press("t", "End").text();
  assert.match(last(10), /│ A fake vfscount for tests\. \(the… │/);
  assert.match(
    last(12),
    /│ A fake vfscount for tests\. \(the {2}│.*\n.*│ kernel was built without CONFIG… │/,
  );
});

Deno.test("a click on the text below the entries of a menu chooses nothing", () => {
  const screen = new TestScreen([40, 12]).press("s");
  const { outer, inner, selected } = screen.arranged().menu!;
  screen.mouse(inner.x + 2, outer.y + outer.height - 2);
  assert.equal(screen.arranged().menu?.selected, selected);
});

Deno.test("a menu with room for every text has none below the entries", () => {
  for (const size of [[60, 24], [80, 24], [120, 40]] as [number, number][]) {
    assert.deepEqual(new TestScreen(size).press("e").arranged().menu!.detail, []);
  }
});

Deno.test("view() marks what is cut of what an empty table says", () => {
  assert.match(new TestScreen([20, 6]).press("/", "q", "q", "Enter").text(), /\nno row matches the …/);
  assert.match(new TestScreen([80, 24]).press("/", "q", "q", "Enter").text(), / no row matches the filter/);
});

Deno.test("view() says so when no counter and no histogram matches the filter, zoomed too", () => {
  for (const keys of [[], ["z"]]) {
    assert.match(new TestScreen().press("2", ...keys, "/", "q", "q").text(), /no counter matches the filter/);
    const screen = new TestScreen().press("t", "Home");
    screen.press(...Array(5).fill("Down"), "Enter").tick().press(...keys, "/", "q", "q");
    assert.match(screen.text(), /no histogram matches the filter/);
  }
});
