import { describe, expect, test } from "vitest";
import type { PolicySimulation } from "../api/queries";
import { addressOf, beginningOf, nameOf, placesOf, STARTER, together } from "./documents";

describe("the name of a policy", () => {
  test("is the one under metadata, wherever it stands there", () => {
    expect(nameOf(STARTER)).toBe("production");
    expect(nameOf("kind: ApprovalPolicy\nmetadata:\n  description: name: no\n  name: \"payments\"\nspec:\n  rules: []\n")).toBe("payments");
  });

  test("is none where there is none, and never a rule's", () => {
    expect(nameOf("spec:\n  rules:\n    - name: first\n")).toBe("(without a name)");
    expect(nameOf("metadata:\nspec:\n  name: x\n")).toBe("(without a name)");
  });

  test("with its project it is an address", () => {
    expect(addressOf({ project: null, yaml: STARTER })).toBe("production");
    expect(addressOf({ project: "shop", yaml: STARTER })).toBe("shop/production");
  });
});

test("a problem is put where the server found it, and one without a place is told as it came", () => {
  expect(
    placesOf([
      { pointer: "/policies/1/yaml", message: "line 9, column 15: 'sometimes' is no operator" },
      { pointer: "/operations/0/policies/0/yaml", message: "there is another policy 'a' at the same level" },
      { pointer: "/policies", message: "must have at most 262144 characters together" },
    ]),
  ).toEqual({
    placed: [
      { document: 1, line: 9, column: 15, message: "'sometimes' is no operator" },
      { document: 0, line: 1, column: 1, message: "there is another policy 'a' at the same level" },
    ],
    others: ["/policies must have at most 262144 characters together"],
  });
});

describe("a simulation in two runs", () => {
  const run = (part: Partial<PolicySimulation>): PolicySimulation => ({
    changes: 0,
    skipped: 0,
    gated: 0,
    newlyGated: 0,
    newlyBlocked: 0,
    newlyAllowed: 0,
    withoutApprovers: 0,
    differences: [],
    idleRules: [],
    notes: [],
    next: null,
    ...part,
  });

  test("counts both, and calls idle what matched nothing in either", () => {
    const first = run({ changes: 10, gated: 3, newlyGated: 1, idleRules: ["p/a", "p/b"], next: 77 });
    const both = together(first, run({ changes: 5, gated: 2, newlyAllowed: 4, idleRules: ["p/b", "p/c"] }));
    expect(both).toMatchObject({ changes: 15, gated: 5, newlyGated: 1, newlyAllowed: 4, idleRules: ["p/b"], next: null });
  });

  test("that ended early goes on", () => {
    expect(together(undefined, run({ next: 7 })).next).toBe(7);
    expect(together(run({ next: 7 }), run({ next: 9 })).next).toBe(9);
  });
});

test("a span begins at midnight of its first day, and all that is recorded has no beginning", () => {
  expect(beginningOf("30", Date.parse("2026-11-21T13:14:15Z"))).toBe("2026-10-22T00:00:00.000Z");
  expect(beginningOf("all", 0)).toBeUndefined();
});
