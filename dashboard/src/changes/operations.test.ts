import { describe, expect, test } from "vitest";
import type { Configuration, FlagModel } from "../flags/model";
import { configurationOperations, flagOperations, same } from "./operations";

const off: Configuration = {
  enabled: false,
  offVariant: "off",
  prerequisites: [],
  overrides: [],
  rules: [],
  fallthrough: { variant: "on" },
};

const flag: FlagModel = {
  key: "checkout",
  type: "boolean",
  status: "active",
  kind: "release",
  name: "",
  description: "",
  owner: "",
  tags: [],
  revision: 7,
  variants: [
    { key: "on", value: true },
    { key: "off", value: false },
  ],
  environments: { staging: off, production: off },
};

describe("configurationOperations", () => {
  test("nothing edited is nothing to do", () => {
    expect(configurationOperations("f", "e", off, structuredClone(off))).toEqual([]);
  });

  test("each part becomes its own operation, switching on comes last", () => {
    const after: Configuration = {
      enabled: true,
      offVariant: "on",
      fallbackVariant: "off",
      prerequisites: [{ flag: "p", variants: ["on"] }],
      overrides: [{ id: "o_1", targetingKey: "u", variant: "on" }],
      rules: [{ id: "r_1", conditions: [], serve: { variant: "on" } }],
      fallthrough: { variant: "off" },
    };
    expect(configurationOperations("f", "e", off, after).map((item) => item.op)).toEqual([
      "setPrerequisites",
      "addOverride",
      "setRules",
      "setFallthrough",
      "setOffVariant",
      "setFallbackVariant",
      "setEnabled",
    ]);
  });

  test("an override that went is removed, one that changed is put in its place, another stays", () => {
    const [gone, changed, stays] = ["o_1", "o_2", "o_3"].map((id) => ({ id, targetingKey: id, variant: "on" }));
    const before = { ...off, overrides: [gone!, changed!, stays!] };
    const after = { ...off, overrides: [{ ...changed!, variant: "off" }, stays!] };
    expect(configurationOperations("f", "e", before, after)).toEqual([
      { op: "removeOverride", flag: "f", environment: "e", override: "o_1" },
      { op: "addOverride", flag: "f", environment: "e", override: { id: "o_2", targetingKey: "o_2", variant: "off" } },
    ]);
  });

  test("an emergency variant that is withdrawn is told as null", () => {
    expect(configurationOperations("f", "e", { ...off, fallbackVariant: "off" }, off)).toEqual([
      { op: "setFallbackVariant", flag: "f", environment: "e", variant: null },
    ]);
  });
});

describe("flagOperations", () => {
  test("every operation names the revision that its author saw", () => {
    const after = { ...flag, owner: "team", environments: { ...flag.environments, staging: { ...off, enabled: true } } };
    expect(flagOperations(flag, after)).toEqual([
      { op: "updateFlag", flag: "checkout", owner: "team", baseRevision: 7 },
      { op: "setEnabled", flag: "checkout", environment: "staging", enabled: true, baseRevision: 7 },
    ]);
  });

  test("a variant is there before it is served, and goes after it is served no more", () => {
    const before = { ...flag, type: "string", variants: [{ key: "a", value: "a" }, { key: "b", value: "b" }] };
    const after = {
      ...before,
      variants: [{ key: "b", value: "b" }, { key: "c", value: "c" }],
      environments: { ...flag.environments, staging: { ...off, fallthrough: { variant: "c" } } },
    };
    expect(flagOperations(before, after).map((item) => item.op)).toEqual(["addVariant", "setFallthrough", "removeVariant"]);
  });
});

test("same compares values, not the order of members or absent ones", () => {
  expect(same({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1, d: undefined })).toBe(true);
  expect(same([1, 2], [2, 1])).toBe(false);
  expect(same({ a: null }, {})).toBe(false);
  expect(same([], {})).toBe(false);
  expect(same("1", 1)).toBe(false);
});
