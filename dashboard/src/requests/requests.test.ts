import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ChangeRequest } from "../api/queries";
import { operationText, textsOf } from "./operation-text";
import { isOpen, offersOf, stateOf } from "./states";

const request = {
  requester: "dana",
  editors: ["eve"],
  state: "pending",
  votes: [],
  canApprove: ["lee"],
} as unknown as ChangeRequest;
const all = () => true;

describe("what is offered", () => {
  test("whoever asked may cancel and never vote", () => {
    for (const subject of ["dana", "eve"]) {
      const offers = offersOf(request, { subject, may: all });
      expect([offers.approve, offers.refuse, offers.cancel]).toEqual([false, false, true]);
    }
  });

  test("whom a stage asks may approve; others with a vote may only speak against it", () => {
    expect(offersOf(request, { subject: "lee", may: all }).approve).toBe(true);
    const other = offersOf(request, { subject: "olga", may: all });
    expect([other.approve, other.refuse]).toEqual([false, true]);
  });

  test("without the action nothing is offered", () => {
    const offers = offersOf(request, { subject: "lee", may: () => false });
    expect(Object.values(offers).every((offer) => offer === false)).toBe(true);
  });

  test.each(["applied", "rejected", "cancelled", "expired", "superseded"])("%s is the end", (state) => {
    const offers = offersOf({ ...request, state }, { subject: "dana", may: all });
    expect(isOpen({ state })).toBe(false);
    expect([offers.cancel, offers.comment, offers.apply, offers.rebase, offers.withdraw]).toEqual([false, false, false, false, false]);
  });

  test("every state that the server has is called something", () => {
    const source = readFileSync("../src/Halyard.Contracts/Approvals.cs", "utf8");
    const states = /<summary>(draft, pending.*)\.<\/summary>/.exec(source)![1]!.split(/, | or /);
    expect(states).toHaveLength(13);
    for (const state of states) expect(stateOf(state).words).not.toMatch(/_/);
  });
});

describe("operations in words", () => {
  type Vector = { op: string } & Record<string, unknown>;
  const vectors = JSON.parse(readFileSync("../tests/vectors/operations.json", "utf8")) as { cases?: unknown; operations?: unknown };
  const operations: Vector[] = [];
  // Wherever in the file they stand: everything with an `op` is one.
  const walk = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    if (typeof (value as Vector).op === "string" && !("path" in value)) operations.push(value as Vector);
    for (const member of Object.values(value)) walk(member);
  };
  walk(vectors);

  test("every operation that there is can be told, and none is empty", () => {
    expect(new Set(operations.map((item) => item.op)).size).toBeGreaterThan(25);
    for (const operation of operations) {
      const text = operationText(operation);
      expect(text, operation.op).not.toMatch(/undefined|\[object/);
      expect(text.length).toBeGreaterThan(3);
    }
  });

  test("each has words of its own, and no JSON where there are some", () => {
    for (const operation of operations.filter((item) => !["addVariant", "updateVariant"].includes(item.op)))
      expect(operationText(operation), operation.op).not.toMatch(/^\w+: |\{"/);
  });

  test("policies are shown whole, as they are written", () => {
    const operation = { op: "setApprovalPolicies", policies: [{ project: "shop", yaml: "metadata:\n  name: two\n" }, { project: null, yaml: "" }] };
    expect(operationText(operation)).toContain("these 2 approval policies");
    expect(textsOf(operation)).toEqual([
      { title: "two, of shop", text: "metadata:\n  name: two\n" },
      { title: "(without a name), of the organisation", text: "" },
    ]);
  });

  test("one that nobody knows is shown with all that it holds", () => {
    expect(operationText({ op: "paintRed", flag: "f", shade: "dark" })).toBe("paintRed: shade dark");
  });
});
