import { describe, expect, test } from "vitest";
import type { Glance } from "../../api/queries";
import { bulkOperations, choose } from "./bulk";

const flag = (key: string, part: Partial<Glance> = {}) => ({ key, status: "active", owner: "team-a", tags: ["b", "a"], on: {}, revision: 3, ...part }) as Glance;
const served = { variant: "on", share: null, rules: 0, overrides: 0 } as Glance["on"][string];
const choice = { environment: "dev", tags: [] as string[], owner: "" };

describe("one change of many flags", () => {
  const flags = [flag("one"), flag("two", { on: { dev: served }, revision: 7 })];

  test("leaves out what is so already, and bases each operation on what was seen", () => {
    expect(bulkOperations("on", flags, choice)).toEqual([{ op: "setEnabled", flag: "one", environment: "dev", enabled: true, baseRevision: 3 }]);
    expect(bulkOperations("off", flags, choice)).toEqual([{ op: "setEnabled", flag: "two", environment: "dev", enabled: false, baseRevision: 7 }]);
  });

  test("is empty before an environment, a tag or an owner is named", () => {
    expect(bulkOperations("on", flags, { ...choice, environment: "" })).toEqual([]);
    expect(bulkOperations("add-tags", flags, choice)).toEqual([]);
    expect(bulkOperations("owner", flags, choice)).toEqual([]);
  });

  test("adds and takes away tags flag by flag; the others stay", () => {
    expect(bulkOperations("add-tags", [flag("one"), flag("two", { tags: ["c"] })], { ...choice, tags: ["c"] })).toEqual([
      { op: "updateFlag", flag: "one", tags: ["a", "b", "c"], baseRevision: 3 },
    ]);
    expect(bulkOperations("remove-tags", [flag("one"), flag("two", { tags: ["c"] })], { ...choice, tags: ["a"] })).toEqual([
      { op: "updateFlag", flag: "one", tags: ["b"], baseRevision: 3 },
    ]);
  });

  test("gives an owner, and archives what is not archived", () => {
    expect(bulkOperations("owner", [flag("one"), flag("two", { owner: "team-b" })], { ...choice, owner: "team-b" }).map((item) => item.flag)).toEqual(["one"]);
    expect(bulkOperations("archive", [flag("one"), flag("two", { status: "archived" })], choice)).toEqual([
      { op: "setStatus", flag: "one", status: "archived", baseRevision: 3 },
    ]);
  });
});

describe("choosing rows", () => {
  const keys = ["a", "b", "c", "d", "e"];
  const chosen = (...items: string[]) => new Set(items);

  test("one is chosen, and let go again", () => {
    expect(choose(chosen(), keys, 1, null, false)).toEqual(chosen("b"));
    expect(choose(chosen("b"), keys, 1, null, false)).toEqual(chosen());
  });

  test("with Shift all between become what the first is, in both directions", () => {
    expect(choose(chosen("b"), keys, 3, 1, true)).toEqual(chosen("b", "c", "d"));
    expect(choose(chosen("d"), keys, 1, 3, true)).toEqual(chosen("b", "c", "d"));
    expect(choose(chosen("c", "d", "e"), keys, 4, 1, true)).toEqual(chosen());
  });

  test("Shift without a row before chooses one", () => expect(choose(chosen(), keys, 2, null, true)).toEqual(chosen("c")));
});
