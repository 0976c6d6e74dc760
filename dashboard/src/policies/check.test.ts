import { describe, expect, test } from "vitest";
import type { EnvironmentCheck } from "../api/queries";
import { bodyOf, checkProblem, demandText, draftOf, newCheck, thresholdText } from "./check";

const check = (part: Partial<EnvironmentCheck>): EnvironmentCheck => ({
  key: "load-tests-pass",
  ships: true,
  source: null,
  name: "",
  target: null,
  secret: null,
  measures: null,
  thresholds: [{ field: "p99Milliseconds", bound: "below", limit: 500, unit: "ms" }],
  validMinutes: null,
  environmentType: null,
  soakMinutes: null,
  revision: 0,
  ...part,
});

describe("what is sent", () => {
  test("is what its source takes and nothing else", () => {
    const full = { ...newCheck("rates"), target: "https://prom.example", secret: "prom", measures: [{ name: "errorRate", from: "up" }] };
    expect(bodyOf({ ...full, source: "prometheus" }, true)).toEqual({
      key: "rates",
      source: "prometheus",
      target: "https://prom.example",
      secret: "prom",
      measures: { errorRate: "up" },
      validMinutes: 1_440,
    });
    expect(bodyOf({ ...full, source: "soak" }, false)).toEqual({ source: "soak", environmentType: "staging", soakMinutes: 1_440, validMinutes: 1_440 });
    expect(bodyOf({ ...full, source: "push" }, true)).toEqual({ key: "rates", source: "push", secret: "prom", validMinutes: 1_440 });
  });

  test("holds no bounds of a check that ships: those are fixed", () => {
    expect(bodyOf({ ...draftOf(check({})), secret: "ci" }, true)).not.toHaveProperty("thresholds");
    const own = draftOf(check({ ships: false }));
    expect(bodyOf({ ...own, secret: "ci" }, true)).toMatchObject({ thresholds: [{ field: "p99Milliseconds", bound: "below", limit: 500, unit: "ms" }] });
  });
});

test("a draft is told what it lacks", () => {
  expect(checkProblem(newCheck(""))).toContain("key");
  expect(checkProblem(newCheck("a"))).toContain("secret");
  expect(checkProblem({ ...newCheck("a"), source: "http", target: "nowhere" })).toContain("address");
  const rates = { ...newCheck("a"), source: "json-metric", target: "https://a.example" };
  expect(checkProblem(rates)).toContain("at least one number");
  expect(checkProblem({ ...rates, measures: [{ name: "errorRate", from: "" }] })).toContain("a name and a place");
  const measured = { ...rates, measures: [{ name: "errorRate", from: "errorRate" }] };
  expect(checkProblem({ ...measured, thresholds: [{ field: "other", bound: "below", limit: 1, unit: "" }] })).toContain("not measured");
  expect(checkProblem(measured)).toBeNull();
});

test("demands in words", () => {
  expect(thresholdText({ field: "errorRate", bound: "atMost", limit: 0.01 })).toBe("errorRate ≤ 0.01");
  expect(demandText(check({}))).toBe("p99Milliseconds < 500 ms");
  expect(demandText(check({ thresholds: [], soakMinutes: 1_440, environmentType: "staging" }))).toBe("in force in staging for 24 h");
  expect(demandText(check({ thresholds: [] }))).toBe("its result is taken as it is told");
});
