import { describe, expect, test } from "vitest";
import { factOf, factText, lengthText, type Period, readQuestion, sharesOf, stateText } from "./question";

describe("a fact that was typed", () => {
  test.each([
    ["plan = enterprise", "plan:string:enterprise"],
    ["seats=12", "seats:number:12"],
    ["beta = true", "beta:boolean:true"],
    ['zip = "01234"', "zip:string:01234"],
    ['seats = "12"', "seats:string:12"],
    ["a:b = c=d", "a:b:string:c=d"],
  ])("%s is %s", (words, fact) => expect(factOf(words)).toBe(fact));

  test("without a value is none", () => expect(factOf("plan")).toBeNull());

  test.each(["plan:string:enterprise", "seats:string:12", "seats:number:12", "on:string:true"])("%s reads back as itself", (fact) =>
    expect(factOf(factText(fact))).toBe(fact),
  );
});

test("the address is read, and nothing that is no question", () =>
  expect(readQuestion({ flag: "a", env: "", attr: ["plan:string:x", 4, "nonsense"], from: "never", to: "2026-01-01T00:00:00Z", x: 1 })).toEqual({
    flag: "a",
    attr: ["plan:string:x"],
    to: "2026-01-01T00:00:00Z",
  }));

const period = (state: string, from: string, to: string, percent?: number) =>
  ({ state, from, to, percent, summary: "", outcomes: [], outcomesLeftOut: 0, dependsOn: [] }) as Period;

describe("periods", () => {
  test("are told with their share", () => {
    expect(stateText(period("partly", "", "", 12.5))).toBe("on for 12.5 %");
    expect(stateText(period("absent", "", ""))).toBe("not there");
  });

  test("are as long as they are", () => {
    expect(lengthText("2026-01-01T00:00:00Z", "2026-01-03T05:06:00Z")).toBe("2 d 5 h");
    expect(lengthText("2026-01-01T00:00:00Z", "2026-01-01T00:00:20Z")).toBe("under a minute");
  });

  test("add up, without the time in which there was no flag", () =>
    expect(
      sharesOf([
        period("absent", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        period("off", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
        period("on", "2026-01-02T00:00:00Z", "2026-01-05T00:00:00Z"),
      ]),
    ).toEqual([
      { state: "on", percent: 75 },
      { state: "off", percent: 25 },
    ]));
});
