import { describe, expect, test } from "vitest";
import type { Entry } from "../api/queries";
import { BEGINNING, idle, LONGEST, looked, mayHaveMore, merged, SHORTEST } from "./tail";

describe("following the log", () => {
  test("begins with a look", () => expect(mayHaveMore(BEGINNING, 0)).toBe(true));

  test("does not take its own look for news", () => {
    const tail = looked(BEGINNING, 100, 101, 1, true);
    expect(mayHaveMore(tail, 101)).toBe(false);
    expect(mayHaveMore(tail, 102)).toBe(true);
  });

  test("misses nothing where looks are not recorded", () => {
    const tail = looked(BEGINNING, 100, 100, 1, true);
    expect(mayHaveMore(tail, 100)).toBe(false);
    expect(mayHaveMore(tail, 101)).toBe(true);
  });

  test("waits longer each time where only others looked, and no longer than a minute", () => {
    let tail = looked(BEGINNING, 100, 101, 1, false);
    const waits = [tail.wait];
    for (let round = 0; round < 8; round++) {
      tail = looked(idle(tail), 102 + round, 103 + round, 1, false);
      waits.push(tail.wait);
    }
    expect(waits.slice(0, 3)).toEqual([SHORTEST, SHORTEST * 2, SHORTEST * 4]);
    expect(waits.at(-1)).toBe(LONGEST);
    expect(looked(tail, 200, 201, 1, true).wait).toBe(SHORTEST);
  });

  test("shows each entry once, the newest first", () => {
    const entry = (index: number) => ({ index }) as Entry;
    expect(merged([entry(5), entry(4)], [entry(4), entry(3)]).map((item) => item.index)).toEqual([5, 4, 3]);
  });
});
