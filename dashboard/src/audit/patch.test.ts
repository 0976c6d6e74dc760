import { expect, test } from "vitest";
import { linesOf, words } from "./patch";

test("a changed value is a line with what was and what is", () => {
  const lines = linesOf([
    { op: "replace", path: "/environments/a~1b/changedIn", value: 3, was: 2 },
    { op: "replace", path: "/environments/a~1b/enabled", value: true, was: false },
  ]);
  expect(lines).toEqual([{ where: "environments › a/b › enabled", was: false, is: true }]);
});

test("a new object is opened into its values, without empty ones and book-keeping", () => {
  const value = { changedIn: 1, environmentId: "r_1", enabled: true, rules: [], fallthrough: { variant: "on" } };
  expect(linesOf([{ op: "add", path: "/environments/x", value }])).toEqual([
    { where: "environments › x › enabled", was: undefined, is: true },
    { where: "environments › x › fallthrough › variant", was: undefined, is: "on" },
  ]);
});

test("a removed value has nothing after it", () => {
  expect(linesOf([{ op: "remove", path: "/salt", was: "s" }])).toEqual([{ where: "salt", was: "s", is: undefined }]);
});

test("a commitment is told as what it is, and never opened", () => {
  const [line] = linesOf([{ op: "add", path: "/name", value: { $c: "abc" } }]);
  expect(words(line!.is)).toBe("(a personal value)");
});
