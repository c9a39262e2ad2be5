import assert from "node:assert/strict";
import { Person } from "../../../tests/support/person.ts";

Deno.test("view() marks what is cut in a menu, and leaves what fits as it is", () => {
  assert.match(new Person([40, 12]).press("s").screen(), /TID +What TID says[^│]*…│/);
  assert.match(new Person([20, 5]).press("s").screen(), /\n TID +What…?.*…\n/);
  assert.match(
    new Person([120, 40]).press("s").screen(),
    /│ TID +What TID says about one row of this tool\. *│/,
  );
});

Deno.test("view() marks what is cut of what an empty table says", () => {
  assert.match(new Person([20, 6]).press("/", "q", "q", "Enter").screen(), /\nno row matches the …/);
  assert.match(new Person([80, 24]).press("/", "q", "q", "Enter").screen(), / no row matches the filter/);
});

Deno.test("view() says so when no counter and no histogram matches the filter, zoomed too", () => {
  for (const keys of [[], ["z"]]) {
    assert.match(new Person().press("2", ...keys, "/", "q", "q").screen(), /no counter matches the filter/);
    const person = new Person().press("t", "Home");
    person.press(...Array(5).fill("Down"), "Enter").tick().press(...keys, "/", "q", "q");
    assert.match(person.screen(), /no histogram matches the filter/);
  }
});
