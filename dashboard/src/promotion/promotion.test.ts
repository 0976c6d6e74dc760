import { describe, expect, test } from "vitest";
import type { Environment, Gate } from "../api/queries";
import type { Configuration, FlagModel } from "../flags/model";
import { counterpart, differs, gateWords, isUpwards, lanesOf, stepOf } from "./promotion";

const environment = (key: string, type: string) => ({ key, type, name: key, order: 0, enabled: true }) as Environment;
const all = [
  environment("eu-dev", "development"),
  environment("us-dev", "development"),
  environment("eu-staging", "staging"),
  environment("us-staging", "staging"),
  environment("eu-production", "production"),
  environment("us-production", "production"),
];
const keys = (from?: string, to?: string) => {
  const step = stepOf(all, from, to);
  return step && [step.from.key, step.to.key];
};

describe("where a flag goes next", () => {
  test("lanes stand in the order of their kinds, and none is empty", () => {
    expect(lanesOf(all.toReversed()).map((lane) => lane.type)).toEqual(["development", "staging", "production"]);
    expect(lanesOf([all[4]!]).map((lane) => lane.type)).toEqual(["production"]);
  });

  test.each([
    [undefined, undefined, ["eu-dev", "eu-staging"]],
    ["us-dev", undefined, ["us-dev", "us-staging"]],
    ["us-staging", undefined, ["us-staging", "us-production"]],
    [undefined, "us-production", ["us-staging", "us-production"]],
    ["eu-dev", "us-production", ["eu-dev", "us-production"]],
    ["nowhere", "also-nowhere", ["eu-dev", "eu-staging"]],
    ["eu-dev", "eu-dev", ["us-dev", "eu-dev"]],
  ])("from %s to %s is %j", (from, to, step) => expect(keys(from, to)).toEqual(step));

  test("one environment alone leads nowhere", () => expect(stepOf([all[0]!], undefined, undefined)).toBeNull());

  test("the end of a name counts as its beginning does", () => {
    const among = [environment("Hypershift.Default", "production"), environment("SelfManagedHA.Default", "production")];
    expect(counterpart({ key: "SelfManagedHA.TechPreviewNoUpgrade" }, among)!.key).toBe("SelfManagedHA.Default");
  });

  test("upwards is towards production", () => {
    expect(isUpwards({ from: all[0]!, to: all[4]! })).toBe(true);
    expect(isUpwards({ from: all[4]!, to: all[0]! })).toBe(false);
    expect(isUpwards({ from: all[0]!, to: all[1]! })).toBe(false);
  });
});

describe("what a promotion would change", () => {
  const configuration: Configuration = {
    enabled: true,
    offVariant: "off",
    prerequisites: [],
    overrides: [],
    rules: [],
    fallthrough: { variant: "on" },
  };
  const flag = (there: Partial<Configuration>) =>
    ({ environments: { "eu-dev": configuration, "eu-staging": { ...configuration, ...there } } }) as unknown as FlagModel;
  const step = { from: all[0]!, to: all[2]! };

  test.each([
    [{}, false],
    [{ enabled: false }, true],
    [{ offVariant: "on" }, true],
    [{ fallthrough: { variant: "off" } }, true],
    [{ overrides: [{ id: "o_1", targetingKey: "u", variant: "on" }] }, false],
    [{ fallbackVariant: "off" }, false],
  ] as [Partial<Configuration>, boolean][])("%j: %s", (there, changes) => expect(differs(flag(there), step)).toBe(changes));
});

test("a gate is told part by part", () => {
  const gate = { from: "staging", to: "production", soakMinutes: 1_440, maxErrorRate: 0.01, minSuccessRate: 0.995, approvals: 2, approvers: [] } as Gate;
  expect(gateWords(gate)).toEqual(["24 h in force there", "errors ≤ 1 %", "successes ≥ 99.5 %", "2 approvals"]);
  expect(gateWords({ ...gate, soakMinutes: 90, maxErrorRate: null, minSuccessRate: null, approvals: 1 })).toEqual(["90 min in force there", "one approval"]);
  expect(gateWords({ ...gate, soakMinutes: 4_320, maxErrorRate: null, minSuccessRate: null, approvals: null })).toEqual(["3 days in force there"]);
});
