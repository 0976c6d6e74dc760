import { expect, test } from "vitest";
import { compact, conditionsText, grantProblems, patternText } from "./pattern";

test("a pattern reads as where it counts", () => {
  expect(patternText({})).toBe("everywhere");
  expect(patternText({ projects: ["shop"], environmentTypes: ["development", "staging"], tags: [] })).toBe(
    "in shop · where it is development or staging",
  );
});

test("lists that narrow nothing are left out", () => expect(compact({ projects: [], tags: ["pay"] })).toEqual({ tags: ["pay"] }));

test("conditions read as what must hold besides", () => {
  expect(conditionsText(null)).toBe("");
  expect(conditionsText({ ticket: true, maxAgeSeconds: 300 })).toBe("with a ticket · within 300 s of the log-in");
});

test("a grant that names nothing is told by its number", () =>
  expect(grantProblems([{ effect: "allow", actions: ["*"] }, { effect: "deny", actions: [] }])).toEqual(["Grant 2 names no action."]));
