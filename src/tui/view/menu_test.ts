import assert from "node:assert/strict";
import { TestScreen } from "../../../tests/support/test_screen.ts";

Deno.test("view() marks what is cut in a menu, and leaves what fits as it is", () => {
  assert.match(new TestScreen([40, 12]).press("s").text(), /TID +What TID says[^│]*…│/);
  assert.match(new TestScreen([20, 5]).press("s").text(), /\n TID +What…?.*…\n/);
  assert.match(
    new TestScreen([120, 40]).press("s").text(),
    /│ TID +What TID says about one row of this tool\. *│/,
  );
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
