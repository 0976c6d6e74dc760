import { describe, expect, test } from "vitest";
import { scheduleOf, scheduleProblem } from "./schedule";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const at = (hour: number) => new Date(NOW + hour * 3_600_000).toISOString();

describe("a time for a change", () => {
  test("is nothing where none is asked for, whatever was typed before", () => {
    expect(scheduleOf({ isTimed: false, notBefore: at(1) })).toBeUndefined();
    expect(scheduleProblem({ isTimed: false, notAfter: at(-1) }, NOW)).toBeNull();
  });

  test("must begin, end after that, and not be over", () => {
    expect(scheduleProblem({ isTimed: true }, NOW)).toBe("Say from when on.");
    expect(scheduleProblem({ isTimed: true, notBefore: at(2), notAfter: at(2) }, NOW)).toBe("It must end after it begins.");
    expect(scheduleProblem({ isTimed: true, notBefore: at(-2), notAfter: at(-1) }, NOW)).toBe("That is over already.");
    expect(scheduleProblem({ isTimed: true, notBefore: at(-2) }, NOW)).toBe("That is over already.");
    expect(scheduleProblem({ isTimed: true, notBefore: at(-2), notAfter: at(1) }, NOW)).toBeNull();
    expect(scheduleProblem({ isTimed: true, notBefore: at(2) }, NOW)).toBeNull();
  });

  test("goes without an end where none is said", () => {
    expect(scheduleOf({ isTimed: true, notBefore: at(1) })).toEqual({ notBefore: at(1) });
    expect(scheduleOf({ isTimed: true, notBefore: at(1), notAfter: at(2) })).toEqual({ notBefore: at(1), notAfter: at(2) });
  });
});
