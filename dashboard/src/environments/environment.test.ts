import { describe, expect, test } from "vitest";
import type { Environment } from "../api/queries";
import type { Operation } from "../changes/operations";
import { detailOperations, moveOperations } from "./environment";

const environment = (key: string, order: number): Environment => ({ id: `e_${key}`, key, name: key, type: "staging", order, enabled: true, revision: 2 });
const ABC = [environment("a", 0), environment("b", 1), environment("c", 2)];
const orders = (operations: readonly Operation[]) => operations.map((item) => [item.environment, item.order]);

describe("moving an environment", () => {
  test("swaps two places", () =>
    expect(orders(moveOperations(ABC, "b", 1))).toEqual([
      ["c", 1],
      ["b", 2],
    ]));

  test("is nothing beyond either end", () => expect([...moveOperations(ABC, "a", -1), ...moveOperations(ABC, "c", 1)]).toEqual([]));

  test("parts environments that shared a place", () =>
    expect(orders(moveOperations([environment("a", 0), environment("b", 0), environment("c", 0)], "c", -1))).toEqual([
      ["c", 1],
      ["b", 2],
    ]));
});

describe("describing an environment", () => {
  test("is nothing where nothing differs", () => expect(detailOperations(ABC[0]!, { name: "a", type: "staging" })).toEqual([]));

  test("says what differs, based on what its author saw", () =>
    expect(detailOperations(ABC[0]!, { name: "a", type: "production" })).toEqual([
      { op: "updateEnvironment", environment: "a", baseRevision: 2, type: "production" },
    ]));
});
