import { describe, expect, test } from "vitest";
import { barsOf, scaleOf, totalsOf } from "./served";

const NOW = Date.parse("2026-11-21T21:40:00Z");
const hour = (time: string, variant: string, count: number) => ({ hour: time, variant, count });

describe("what was served over time", () => {
  test("each hour of a day has a bar, the one under way is the last", () => {
    const bars = barsOf([hour("2026-11-21T21:00:00Z", "on", 3), hour("2026-11-20T22:00:00Z", "on", 1), hour("2026-11-21T21:00:00Z", "off", 2)], "day", NOW);
    expect(bars).toHaveLength(24);
    expect([bars[0]!.total, bars.at(-1)!.total]).toEqual([1, 5]);
    expect([...bars.at(-1)!.counts]).toEqual([["on", 3], ["off", 2]]);
  });

  test("a month's bars are days, and what lies before or after is none of them", () => {
    const bars = barsOf([hour("2026-11-21T02:00:00Z", "on", 3), hour("2026-11-20T22:00:00Z", "on", 1), hour("2026-09-01T00:00:00Z", "on", 9), hour("2026-12-01T00:00:00Z", "on", 9)], "month", NOW);
    expect(bars).toHaveLength(30);
    expect(bars.at(-1)!.total).toBe(4);
    expect(bars.reduce((sum, bar) => sum + bar.total, 0)).toBe(4);
  });

  test("totals begin with the most frequent", () => {
    const bars = barsOf([hour("2026-11-21T20:00:00Z", "off", 2), hour("2026-11-21T21:00:00Z", "on", 3)], "week", NOW);
    expect(bars).toHaveLength(28);
    expect(totalsOf(bars)).toEqual([{ variant: "on", count: 3 }, { variant: "off", count: 2 }]);
  });

  test.each([[0, 1], [1, 1], [2, 2], [3, 5], [7, 10], [10, 10], [11, 20], [4_999, 5_000], [70_000, 100_000]])("of %d the scale goes to %d", (total, top) =>
    expect(scaleOf([{ from: 0, to: 1, counts: new Map(), total }])).toBe(top),
  );
});
