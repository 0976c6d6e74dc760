import { expect, test } from "vitest";
import { daysText, minimumOf, minimumText, retentionProblem } from "./retention";

test("days read as what they are", () => expect([1, 30, 365, 2555, 1_000].map(daysText)).toEqual(["a day", "30 days", "a year", "7 years", "1,000 days"]));

test("a minimum is a type and days", () => {
  expect(minimumOf(minimumText("change_request.", 2555))).toEqual(["change_request.", 2555]);
  expect(minimumOf("approval")).toBeNull();
});

test("a setting that cannot be says why", () => {
  expect(retentionProblem(undefined, undefined, [])).toBeNull();
  expect(retentionProblem(undefined, 10, [])).toContain("Only what is archived");
  expect(retentionProblem(30, 10, [])).toContain("before it is archived");
  expect(retentionProblem(30, 40, ["x"])).toContain("“x”");
});
