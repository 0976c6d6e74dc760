import { describe, expect, test } from "vitest";
import type { Freeze } from "../api/queries";
import { bodyOf, dayText, draftOf, freezeProblem, lengthText, monthAfter, newFreeze, onDay, paced, recurrenceText, scopeText, spansOf, WEEKEND, weeksOf } from "./freeze";

const freeze = (part: Partial<Freeze>): Freeze => ({
  id: "frz_1",
  key: "weekend",
  name: "Weekend",
  enabled: true,
  scope: { projects: null, environments: null, environmentTypes: ["production"], tags: null },
  approvers: 2,
  zone: "Europe/Berlin",
  intervals: [],
  recurring: [],
  current: null,
  next: null,
  revision: 1,
  ...part,
});

describe("what comes again, in words", () => {
  test.each([
    [WEEKEND, "every Friday at 17:00 for 2 d 15 h"],
    [{ every: "monthly", day: -1, at: "00:00", minutes: 1_440 }, "every month on the last day at 00:00 for 1 d"],
    [{ every: "monthly", nth: 2, days: ["tuesday"], at: "09:30", minutes: 45 }, "every month on the 2nd Tuesday at 09:30 for 45 min"],
    [{ every: "yearly", month: 12, day: 23, at: "12:00", minutes: 60, until: "2030-12-31" }, "every year on the 23rd of December at 12:00 for 1 h, until 2030-12-31"],
    [{ every: "yearly", month: 11, day: 11, at: "12:00", minutes: 60 }, "every year on the 11th of November at 12:00 for 1 h"],
  ])("%o", (item, words) => expect(recurrenceText(item)).toBe(words));

  test("of no length it says none", () => expect(lengthText(0)).toBe(""));
});

test("another pace keeps the time and drops what does not belong to it", () => {
  expect(paced(WEEKEND, "monthly")).toEqual({ every: "monthly", day: 1, at: "17:00", minutes: 3_780 });
  expect(paced({ every: "monthly", nth: -1, days: ["friday"], at: "17:00", minutes: 60 }, "yearly")).toEqual({
    every: "yearly",
    month: 12,
    nth: -1,
    days: ["friday"],
    at: "17:00",
    minutes: 60,
  });
  expect(paced({ every: "yearly", month: 2, day: 3, at: "17:00", minutes: 60 }, "weekly")).toEqual({ every: "weekly", days: ["friday"], at: "17:00", minutes: 60 });
});

describe("a draft", () => {
  const ready = { ...newFreeze("UTC"), key: "weekend", recurring: [WEEKEND] };

  test("is told what it lacks", () => {
    expect(freezeProblem({ ...ready, key: "no key" })).toContain("key");
    expect(freezeProblem({ ...ready, recurring: [] })).toContain("Say when");
    expect(freezeProblem({ ...ready, intervals: [{ from: null, to: null }] })).toContain("when span 1 begins");
    expect(freezeProblem({ ...ready, intervals: [{ from: "2026-12-24T00:00:00Z", to: null }] })).toBeNull();
    expect(freezeProblem({ ...ready, intervals: [{ from: "2026-12-24T00:00:00Z", to: "2026-12-24T00:00:00Z" }] })).toContain("must end after");
    expect(freezeProblem({ ...ready, recurring: [{ ...WEEKEND, days: [] }] })).toContain("day of the week");
    expect(freezeProblem(ready)).toBeNull();
  });

  test("without an end holds until it is lifted, and ends with its incident", () => {
    const draft = { ...ready, forIncident: "INC-1", intervals: [{ from: "2026-12-24T00:00:00Z", to: null }] };
    expect(bodyOf(draft, true)).toMatchObject({ key: "weekend", forIncident: "INC-1", intervals: [{ from: "2026-12-24T00:00:00Z" }] });
    expect(bodyOf(draft, true).intervals[0]).not.toHaveProperty("to");
    expect(bodyOf(ready, true)).not.toHaveProperty("forIncident");
    const there = { ...freeze({}), forIncident: "INC-1", intervals: [{ from: "2026-12-24T00:00:00Z" }] } as unknown as Freeze;
    expect(draftOf(there)).toMatchObject({ forIncident: "INC-1", intervals: [{ from: "2026-12-24T00:00:00Z", to: null }] });
    const [span] = spansOf([there]);
    expect(onDay([span!], new Date(2030, 1, 1))).toMatchObject([{ isFirst: false, isLast: false }]);
  });

  test("of what is there says the same again", () => {
    const there = freeze({ recurring: [{ ...WEEKEND, days: ["friday"], month: null, day: null, nth: null, from: null, until: null }] });
    expect(draftOf(there).recurring).toEqual([WEEKEND]);
    expect(bodyOf(draftOf(there), false)).not.toHaveProperty("key");
  });
});

test("a scope in words, and one that covers everything", () => {
  expect(scopeText({ environmentTypes: ["production", "staging"], projects: ["shop"] })).toBe("production and staging environments, in shop");
  expect(scopeText({ projects: null, tags: [] })).toBe("everything");
});

describe("the calendar", () => {
  test("a month is whole weeks from Monday on", () => {
    const weeks = weeksOf("2026-11");
    expect(weeks).toHaveLength(6);
    expect(dayText(weeks[0]![0]!)).toBe("2026-10-26");
    expect(dayText(weeks.at(-1)!.at(-1)!)).toBe("2026-12-06");
    expect(weeksOf("2027-02")).toHaveLength(4);
  });

  test("months follow each other over the year's end", () => {
    expect([monthAfter("2026-12", 1), monthAfter("2026-01", -1)]).toEqual(["2027-01", "2025-12"]);
  });

  test("shows what the server told and no interval twice, and nothing of a freeze that is switched off", () => {
    const spans = spansOf([
      freeze({
        key: "holidays",
        name: "",
        current: { from: "2026-12-20T00:00:00Z", to: "2026-12-28T00:00:00Z" },
        next: { from: "2027-01-10T00:00:00Z", to: "2027-01-11T00:00:00Z" },
        intervals: [
          { from: "2026-12-21T00:00:00Z", to: "2026-12-28T00:00:00Z" },
          { from: "2027-03-01T00:00:00Z", to: "2027-03-02T00:00:00Z" },
        ],
      }),
      freeze({ enabled: false, next: { from: "2026-12-01T00:00:00Z", to: "2026-12-02T00:00:00Z" } }),
    ]);
    expect(spans.map((span) => [span.name, span.from.slice(0, 10), span.isNow])).toEqual([
      ["holidays", "2026-12-20", true],
      ["holidays", "2027-01-10", false],
      ["holidays", "2027-03-01", false],
    ]);
  });

  test("a span takes every day that it has a part of, and not the one at whose midnight it ends", () => {
    const at = (day: number, hour = 0) => new Date(2026, 10, day, hour).toISOString();
    const span = { freeze: "f", name: "f", from: at(20, 17), to: at(23), isNow: false };
    const days = [19, 20, 21, 22, 23].map((day) => onDay([span], new Date(2026, 10, day))[0]);
    expect(days.map((found) => (found ? [found.isFirst, found.isLast] : null))).toEqual([null, [true, false], [false, false], [false, true], null]);
  });
});
