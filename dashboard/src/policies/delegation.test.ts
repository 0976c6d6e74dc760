import { describe, expect, test } from "vitest";
import { scopeText, standingOf, votesFor } from "./delegation";

describe("a delegation", () => {
  test("holds from its begin until its end, which is no longer in it", () => {
    const span = { validFrom: "2026-11-22T08:00:00Z", validTo: "2026-11-22T10:00:00Z" };
    const at = (time: string) => standingOf(span, Date.parse(time));
    expect([at("2026-11-22T07:59:59Z"), at("2026-11-22T08:00:00Z"), at("2026-11-22T09:59:59Z"), at("2026-11-22T10:00:00Z")]).toEqual([
      "later", "now", "now", "over",
    ]);
  });

  test("says for what it is", () => {
    expect(scopeText({ environments: [] })).toBe("everything");
    expect(scopeText({ project: "shop", environments: [] })).toBe("shop");
    expect(scopeText({ project: "shop", environments: ["staging", "production"] })).toBe("staging, production of shop");
  });

  test("lets somebody vote for each of those who gave them one, once", () => {
    const people = [
      { subject: "u_a", delegates: [{ subject: "u_me", delegation: "dl_1" }, { subject: "u_me", delegation: "dl_2" }] },
      { subject: "u_b", delegates: [{ subject: "u_other", delegation: "dl_3" }] },
    ];
    expect(votesFor(people, "u_me")).toEqual([{ subject: "u_a", delegation: "dl_1" }]);
  });
});
