import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Operation } from "../../changes/operations";
import type { Configuration, FlagModel, Rule } from "../../flags/model";
import { allApplied } from "./apply";
import { compare, withoutConflicts } from "./three-way";

const rule = (id: string, variant = "on"): Rule => ({ id, name: id, conditions: [{ attribute: "plan", operator: "equals", values: [id] }], serve: { variant } });
const configuration = (part: Partial<Configuration> = {}): Configuration => ({
  enabled: true,
  offVariant: "off",
  prerequisites: [],
  overrides: [],
  rules: [rule("a")],
  fallthrough: { variant: "on" },
  ...part,
});
const flag = (dev: Partial<Configuration> = {}, part: Partial<FlagModel> = {}): FlagModel => ({
  key: "f",
  type: "boolean",
  status: "active",
  kind: "release",
  name: "F",
  description: "",
  owner: "team-a",
  tags: ["x"],
  revision: 3,
  variants: [{ key: "on", value: true }, { key: "off", value: false }],
  environments: { dev: configuration(dev), prod: configuration() },
  ...part,
});
const of = (op: string, members: object): Operation => ({ op, flag: "f", environment: "dev", baseRevision: 3, ...members });
const kinds = (theirs: FlagModel, operations: Operation[]) =>
  Object.fromEntries(compare(flag(), theirs, operations).lines.map((line) => [line.key, line.kind]));

describe("three ways", () => {
  test("what nobody changed is not shown", () => expect(kinds(flag(), [])).toEqual({}));

  test("what one alone changed is no conflict", () => {
    expect(kinds(flag({}, { owner: "team-b" }), [of("setEnabled", { enabled: false })])).toEqual({ "/owner": "theirs", "dev/enabled": "mine" });
  });

  test("the same place changed to another value is one, to the same value none", () => {
    const mine = [of("setFallthrough", { serve: { variant: "off" } })];
    expect(kinds(flag({ fallthrough: { rollout: { weights: [{ variant: "on", weight: 1 }] } } }), mine)).toEqual({ "dev/fallthrough": "conflict" });
    expect(kinds(flag({ fallthrough: { variant: "off" } }), mine)).toEqual({ "dev/fallthrough": "agreed" });
  });

  test("another environment is another place", () => {
    expect(kinds(flag({ enabled: false }), [of("setEnabled", { environment: "prod", enabled: false })])).toEqual({
      "dev/enabled": "theirs",
      "prod/enabled": "mine",
    });
  });

  test("rules are told apart by their ids, and one that a whole list would undo is a conflict", () => {
    const theirs = flag({ rules: [rule("a"), rule("theirs")] });
    expect(kinds(theirs, [of("addRule", { rule: rule("mine") })])).toEqual({ "dev/rule/theirs": "theirs", "dev/rule/mine": "mine" });
    expect(kinds(theirs, [of("setRules", { rules: [rule("a"), rule("mine")] })])).toEqual({
      "dev/rule/theirs": "conflict",
      "dev/rule/mine": "mine",
    });
  });

  describe("the order of the rules", () => {
    const three = [rule("a"), rule("b"), rule("c")];
    const orders = (theirs: Rule[], operations: Operation[]) =>
      compare(flag({ rules: three }), flag({ rules: theirs }), operations).lines.filter((line) => line.key === "dev/order");
    const first = (id: string) => of("moveRule", { rule: id, index: 0 });

    test("is a place of its own, which one side or both can change", () => {
      expect(orders(three, [first("c")])).toMatchObject([{ kind: "mine", base: "a, then b, then c", mine: "c, then a, then b" }]);
      expect(orders([three[1]!, three[0]!, three[2]!], [])).toMatchObject([{ kind: "theirs", theirs: "b, then a, then c" }]);
      expect(orders([three[2]!, three[0]!, three[1]!], [first("c")])).toMatchObject([{ kind: "agreed" }]);
      expect(orders([three[1]!, three[0]!, three[2]!], [first("c")])).toMatchObject([{ kind: "conflict" }]);
    });

    test("is that of the rules which all sides have: one that came or went alters none", () => {
      expect(orders([rule("new"), ...three], [of("removeRule", { rule: "b" })])).toEqual([]);
    });

    test("stays theirs where theirs is kept", () => {
      const theirs = flag({ rules: [three[1]!, three[0]!, three[2]!] });
      const operations = [first("c"), of("setEnabled", { enabled: false })];
      expect(withoutConflicts(theirs, operations, compare(flag({ rules: three }), theirs, operations))).toEqual(operations.slice(1));
    });
  });

  test("keeping theirs leaves what touches no conflict", () => {
    const theirs = flag({ enabled: false });
    const operations = [of("setEnabled", { enabled: true }), of("setOffVariant", { variant: "on" }), of("setFallthrough", { serve: { variant: "off" } })];
    const changed = [of("setEnabled", { enabled: false }), ...operations.slice(1)];
    expect(withoutConflicts(theirs, changed, compare(flag(), theirs, changed))).toEqual(changed);
    const removed = [of("removeRule", { rule: "a" }), ...operations.slice(1)];
    const edited = flag({ rules: [rule("a", "off")] });
    expect(withoutConflicts(edited, removed, compare(flag(), edited, removed))).toEqual(operations.slice(1));
  });

  test("what only the server can tell is handed back, and never kept beside theirs", () => {
    const revert = [of("revertToRevision", { revision: 1 })];
    const told = compare(flag(), flag({ enabled: false }), revert);
    expect(told.untold).toEqual(revert);
    expect(withoutConflicts(flag(), revert, told)).toEqual([]);
  });
});

test("every operation on a flag that exists is understood, but for those that only the server can tell", () => {
  const operations: Operation[] = [];
  const walk = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    if (typeof (value as Operation).op === "string" && "flag" in value) operations.push(value as unknown as Operation);
    for (const member of Object.values(value)) walk(member);
  };
  walk(JSON.parse(readFileSync("../tests/vectors/operations.json", "utf8")));
  const untold = new Set<string>();
  for (const operation of operations) {
    const environment = String(operation.environment ?? "dev");
    const given = flag({}, { key: String(operation.flag), environments: { [environment]: configuration(), staging: configuration() } });
    for (const item of allApplied(given, [operation]).untold) untold.add(item.op);
  }
  expect(operations.length).toBeGreaterThan(15);
  expect([...untold].toSorted()).toEqual(["createFlag", "deleteFlag", "revertToRevision", "startExperiment", "stopExperiment"]);
});
