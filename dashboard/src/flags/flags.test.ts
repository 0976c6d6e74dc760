import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Glance } from "../api/queries";
import { conditionProblem, configurationProblems, OPERATORS, textOf, valueOf } from "./conditions";
import { readDraft, writeDraft } from "./draft-json";
import { type FlagFilter, matches, percentOf, readFlagFilter, stateOf, tally } from "./list/filter";
import { keyProblem } from "./list/new-flag";
import { type FlagModel, freshId, serveText } from "./model";
import { fromPercents, toPercents } from "./rollout";
import { parseValue } from "./values";

const glance = (part: Partial<Glance>): Glance => ({
  key: "checkout",
  name: "Check-out",
  type: "boolean",
  kind: "release",
  status: "active",
  owner: "team-pay",
  tags: ["pay", "web"],
  on: {},
  revision: 1,
  updatedAt: "2026-01-01T00:00:00Z",
  ...part,
});

describe("the list's filter", () => {
  const flag = glance({
    on: { staging: { variant: "on", share: null, rules: 0, overrides: 0 }, qa: { variant: null, share: 25_000, rules: 0, overrides: 0 } },
  });

  test.each<[FlagFilter, boolean]>([
    [{}, true],
    [{ q: "CHECK" }, true],
    [{ q: "pay out" }, true],
    [{ q: "pay nothing" }, false],
    [{ tag: "web" }, true],
    [{ tag: "we" }, false],
    [{ owner: "team-pay", status: "active", kind: "release" }, true],
    [{ status: "draft" }, false],
    [{ state: "on" }, true],
    [{ state: "off" }, false],
    [{ state: "on", env: "staging" }, true],
    [{ state: "partly", env: "staging" }, false],
    [{ state: "partly", env: "qa" }, true],
    [{ state: "off", env: "production" }, true],
  ])("%j fits: %s", (filter, fits) => expect(matches(flag, filter)).toBe(fits));

  test("what nobody knows in an address is left out", () => {
    expect(readFlagFilter({ q: 42, state: "sideways", create: "yes", colour: "red", tag: "" })).toEqual({ q: "42" });
  });

  test.each([
    [glance({}), "off"],
    [glance({ on: { e: { variant: "on", share: null, rules: 0, overrides: 0 } } }), "on"],
    [glance({ on: { e: { variant: "on", share: null, rules: 1, overrides: 0 } } }), "on, 1 rule"],
    [glance({ on: { e: { variant: null, share: 12_500, rules: 1, overrides: 1 } } }), "12.5 %, 2 rules"],
    [glance({ status: "archived", on: { e: { variant: "on", share: null, rules: 0, overrides: 0 } } }), "off"],
  ])("a state is told in words", (flagOf, words) => expect(stateOf(flagOf, "e").words).toBe(words));

  test.each([[0, "0 %"], [5, "<0.1 %"], [33_333, "33.3 %"], [100_000, "100 %"]])("%d thousandths are %s", (share, words) =>
    expect(percentOf(share)).toBe(words),
  );

  test("values are counted, the most frequent first", () => {
    expect(tally(["b", "a", "", "b"])).toEqual([{ value: "b", count: 2 }, { value: "a", count: 1 }]);
  });
});

describe("conditions", () => {
  test("there is every operator that the documents have", () => {
    const documents = readFileSync("../docs/evaluation.md", "utf8");
    const table = documents.slice(documents.indexOf("### Operators"), documents.indexOf("* **Versions**"));
    const documented = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap((row) => [...row[1]!.matchAll(/`(\w+)`/g)].map((name) => name[1]!));
    expect(documented.length).toBeGreaterThan(20);
    expect(OPERATORS.flatMap((group) => group.items.map((item) => item.name)).toSorted()).toEqual(documented.toSorted());
  });

  test.each([
    ["5", "any", 5],
    ["-1.5", "any", -1.5],
    ['"5"', "any", "5"],
    ["007", "any", "007"],
    ["true", "any", true],
    ["1e3", "any", "1e3"],
    ["5", "text", "5"],
    ["5", "number", 5],
    ["five", "number", "five"],
  ] as const)("%s typed for %s is %j", (text, takes, value) => {
    expect(valueOf(text, takes)).toBe(value);
    expect(valueOf(textOf(value, takes), takes)).toBe(value);
  });

  test.each([
    [{ attribute: "", operator: "equals", values: ["x"] }, "attribute"],
    [{ attribute: "a", operator: "equals", values: [] }, "value"],
    [{ attribute: "a", operator: "between", values: [5, 1] }, "lowest"],
    [{ attribute: "a", operator: "between", values: [1] }, "two"],
    [{ attribute: "a", operator: "greaterThan", values: ["x"] }, "numbers"],
    [{ attribute: "a", operator: "semverCaret", values: ["one"] }, "versions"],
    [{ attribute: "a", operator: "before", values: ["soon"] }, "times"],
    [{ attribute: "a", operator: "cidr", values: ["home"] }, "addresses"],
    [{ attribute: "a", operator: "matches", values: ["("] }, "expression"],
    [{ attribute: "a", operator: "exists", values: ["x"] }, "no value"],
    [{ operator: "segment", values: [] }, "segment"],
  ])("%j is refused while it is typed", (condition, word) => expect(conditionProblem(condition)).toContain(word));

  test.each([
    { attribute: "a", operator: "equals", values: ["x", 1, true] },
    { attribute: "a", operator: "between", values: [1, 5] },
    { attribute: "a", operator: "semverTilde", values: ["v1.2", "2.0.0-rc.1+7"] },
    { attribute: "a", operator: "after", values: ["2026-01-31T09:30:00Z", 1769851800000] },
    { attribute: "a", operator: "cidr", values: ["10.0.0.0/8", "::1"] },
    { attribute: "a", operator: "exists", values: [] },
    { operator: "segment", values: ["beta"] },
  ])("%j is right", (condition) => expect(conditionProblem(condition)).toBeNull());
});

describe("rollouts", () => {
  const rollout = { weights: [{ variant: "a", weight: 1 }, { variant: "b", weight: 2 }], remainder: 1, salt: "s" };

  test("percents are parts of the whole, the remainder included; other variants have none", () => {
    expect(toPercents(rollout, ["c", "b", "a"])).toEqual([
      { variant: "a", percent: 25 },
      { variant: "b", percent: 50 },
      { variant: "c", percent: 0 },
    ]);
  });

  test("writing them keeps order, salt and what is left over", () => {
    const parts = toPercents(rollout, ["a", "b", "c"]);
    expect(fromPercents(rollout, parts)).toEqual({
      salt: "s",
      weights: [{ variant: "a", weight: 25_000 }, { variant: "b", weight: 50_000 }],
      remainder: 25_000,
    });
  });

  test("a variant that had a share keeps its place with none", () => {
    const next = fromPercents(rollout, [{ variant: "a", percent: 0 }, { variant: "b", percent: 100 }]);
    expect(next).toEqual({ salt: "s", weights: [{ variant: "a", weight: 0 }, { variant: "b", weight: 100_000 }] });
  });

  test("are told in percents", () => expect(serveText({ rollout })).toBe("25 % a · 50 % b"));
});

describe("drafts", () => {
  const flag: FlagModel = {
    key: "f",
    type: "string",
    status: "active",
    kind: "release",
    name: "",
    description: "",
    owner: "",
    tags: [],
    revision: 1,
    variants: [{ key: "a", value: "a" }],
    environments: {
      e: { enabled: true, offVariant: "a", prerequisites: [], overrides: [], rules: [], fallthrough: { variant: "a" } },
    },
  };

  test("what is written reads back as the same", () => expect(readDraft(flag, writeDraft(flag)).flag).toEqual(flag));

  test.each([
    ["{", /JSON|position|property/i],
    ["[]", /object/],
    [writeDraft({ ...flag, key: "g" }), /key is fixed/],
    [writeDraft({ ...flag, type: "number" }), /type is fixed/],
    [writeDraft(flag).replace('"owner"', '"boss"'), /"owner" is missing/],
    [writeDraft(flag).replace('"e":', '"other":'), /no environment "other"/],
    [writeDraft(flag).replace('"enabled": true', '"enabled": "yes"'), /environments.e: "enabled"/],
    [writeDraft(flag).replace('"fallthrough"', '"fall"'), /"fallthrough"/],
  ])("a draft that is none is refused in words", (text, words) => expect(readDraft(flag, text).problem).toMatch(words));

  test("problems say where they are", () => {
    const configuration = { ...flag.environments.e!, rules: [{ id: "r", name: "Beta", conditions: [{ operator: "segment", values: [] }], serve: {} }] };
    expect(configurationProblems(configuration)).toEqual(["Rule 1 (Beta): Choose a segment."]);
  });

  test("ids and keys are new", () => {
    expect(freshId("r", [{ id: "r_2" }])).toBe("r_3");
    expect(keyProblem("-x", [])).toContain("letter");
    expect(keyProblem("f", [{ key: "f" }])).toContain("already");
    expect(keyProblem("f.2", [{ key: "f" }])).toBeNull();
  });

  test.each([
    ["number", "1.5", 1.5],
    ["json", '{"a":1}', { a: 1 }],
    ["string", "1.5", "1.5"],
  ])("a %s is read as one", (type, text, value) => expect(parseValue(type, text).value).toEqual(value));

  test.each([["number", '"1"'], ["number", "x"], ["json", "{"], ["boolean", "1"]])("a %s is not %s", (type, text) =>
    expect(parseValue(type, text).problem).toBeTruthy(),
  );
});
