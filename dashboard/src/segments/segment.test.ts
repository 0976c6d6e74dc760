import { describe, expect, test } from "vitest";
import type { Flag } from "../api/queries";
import { keysOf, placesOf, type SegmentModel, segmentOperations, segmentProblems, sizeText, usesSegment } from "./segment";

const beta: SegmentModel = {
  key: "beta",
  name: "Beta",
  description: "",
  includes: ["user-1"],
  excludes: [],
  rules: [{ id: "s_1", conditions: [{ attribute: "plan", operator: "equals", values: ["beta"] }] }],
  revision: 3,
};

describe("keys that were typed", () => {
  test("are one a line, trimmed, each once", () => expect(keysOf(" a \n\nb\na\r\nc d\n")).toEqual(["a", "b", "c d"]));
});

describe("a draft of a segment", () => {
  test("that changes nothing is no operation", () => expect(segmentOperations(beta, structuredClone(beta))).toEqual([]));

  test("is one operation with what differs, based on what its author saw", () =>
    expect(segmentOperations(beta, { ...beta, excludes: ["user-2"], name: "Beta users" })).toEqual([
      { op: "updateSegment", segment: "beta", baseRevision: 3, name: "Beta users", excludes: ["user-2"] },
    ]));

  test("says all that is wrong with it", () =>
    expect(
      segmentProblems({
        ...beta,
        includes: Array.from({ length: 10_001 }, (_, index) => `user-${index}`),
        excludes: ["x".repeat(513)],
        rules: [{ id: "s_1", conditions: [] }, { id: "s_2", conditions: [{ attribute: "", operator: "equals", values: ["a"] }] }],
      }),
    ).toEqual([
      "Always in: 10,001 keys, at most 10,000.",
      "Never in: a key has at most 512 characters.",
      "Rule 2: Name the attribute to look at.",
    ]));
});

describe("where a segment is used", () => {
  const rule = (values: string[]) => ({ id: "r", conditions: [{ operator: "segment", values }], serve: { variant: "on" } });

  test("is told by environment and rule", () => {
    const flag = { environments: { dev: { rules: [rule(["x"]), rule(["y", "beta"])] }, prod: { rules: [rule(["betamax"])] } } } as unknown as Flag;
    expect(placesOf(flag, "beta")).toEqual([{ environment: "dev", rules: [2] }]);
  });

  test("counts other segments' rules", () => {
    const inner = { ...beta, rules: [{ id: "s", conditions: [{ operator: "segment", values: ["staff"] }] }] };
    expect([usesSegment(inner, "staff"), usesSegment(inner, "beta")]).toEqual([true, false]);
  });
});

test("who belongs to it is told in a few words", () => {
  expect(sizeText(beta)).toBe("1 rule · 1 key always in");
  expect(sizeText({ ...beta, rules: [], includes: [] })).toBe("nobody yet");
});
