import { describe, expect, test } from "vitest";
import type { Bypass, Environment } from "../api/queries";
import { leftShare, leftText } from "../common/countdown";
import type { FlagModel } from "../flags/model";
import { choicesOf, endOf, likeliest, offersOf, owed } from "./bypass";

const bypass = (part: Partial<Bypass>): Bypass => ({
  id: "bp_1",
  project: "shop",
  state: "applied",
  kind: "off",
  incident: "INC-1",
  severity: "SEV1",
  verified: true,
  justification: "checkout fails",
  flag: "checkout",
  environment: "production",
  operations: [],
  requester: "otto",
  waitsFor: [],
  confirmations: [],
  ratification: { given: 0, needed: 2, missing: [] },
  ratifications: [],
  review: null,
  revertRequest: null,
  remark: "",
  open: true,
  overdue: false,
  createdAt: "2026-11-21T10:00:00Z",
  lapsesAt: null,
  appliedAt: "2026-11-21T10:01:00Z",
  revertAt: null,
  reviewDue: "2026-11-23T10:01:00Z",
  ...part,
});

const everything = { may: () => true };
const agreed = (by: string) => [{ by, comment: "", at: "2026-11-21T10:01:00Z" }];

describe("what is offered", () => {
  test("whoever asked may do nothing more about it", () => {
    expect(offersOf(bypass({}), { subject: "otto", ...everything })).toMatchObject({ isMine: true, confirm: false, ratify: false, refuse: false, review: false });
  });

  test("somebody else ratifies, refuses and reviews what took effect", () => {
    expect(offersOf(bypass({}), { subject: "lee", ...everything })).toMatchObject({ confirm: false, ratify: true, refuse: true, review: true });
  });

  test("what waits can be agreed to, and not reviewed", () => {
    expect(offersOf(bypass({ state: "waiting", appliedAt: null }), { subject: "sam", ...everything })).toMatchObject({ confirm: true, ratify: false, review: false });
  });

  test("who agreed before is no judge of it afterwards, and reviews it all the same", () => {
    expect(offersOf(bypass({ confirmations: agreed("sam") }), { subject: "sam", ...everything })).toMatchObject({ ratify: false, refuse: false, review: true });
  });

  test("who ratified may still think better of it, and not twice", () => {
    expect(offersOf(bypass({ ratifications: agreed("lee") }), { subject: "lee", ...everything })).toMatchObject({ ratify: false, refuse: true });
  });

  test("nobody is offered what their roles do not hold", () => {
    expect(offersOf(bypass({}), { subject: "vic", may: () => false })).toMatchObject({ confirm: false, ratify: false, refuse: false, review: false });
  });
});

test("what is owed, and what happens by itself", () => {
  const review = { by: "mia", findings: "a cold cache", actionItems: [], at: "2026-11-22T10:00:00Z" };
  expect(owed(bypass({}))).toEqual(["ratification", "a review"]);
  expect(owed(bypass({ state: "ratified", review }))).toEqual([]);
  expect(owed(bypass({ state: "lapsed", appliedAt: null }))).toEqual([]);
  expect(endOf(bypass({}))).toBeNull();
  expect(endOf(bypass({ revertAt: "2026-11-22T10:01:00Z" }))).toMatchObject({ what: "is undone", from: "2026-11-21T10:01:00Z" });
  expect(endOf(bypass({ state: "waiting", appliedAt: null, lapsesAt: "2026-11-21T11:00:00Z" }))).toMatchObject({ what: "lapses" });
});

describe("what can be done to a flag", () => {
  const environment = (key: string, type: string) => ({ key, type, id: key, name: "", enabled: true, order: 0 }) as unknown as Environment;
  const environments = [environment("dev", "development"), environment("prod", "production")];
  const flag = (on: string[], fallbackVariant?: string) =>
    ({
      key: "checkout",
      revision: 2,
      environments: Object.fromEntries(environments.map(({ key }) => [key, { enabled: on.includes(key), ...(fallbackVariant ? { fallbackVariant } : {}) }])),
    }) as unknown as FlagModel;

  test("is switching off what is on, and switching on for a time what is off", () => {
    const choices = choicesOf("shop", flag(["prod"]), environments);
    expect(choices.map((item) => item.value)).toEqual(["last-good dev", "on-60 dev", "on-1440 dev", "off prod", "last-good prod"]);
    expect(choices.find((item) => item.value === "on-60 dev")).toMatchObject({ minutes: 60, operation: { op: "setEnabled", enabled: true, project: "shop" } });
  });

  test("goes back to nothing before its first change", () => {
    const values = choicesOf("shop", { ...flag(["prod"]), revision: 1 }, environments).map((item) => item.value);
    expect(values).toEqual(["on-60 dev", "on-1440 dev", "off prod"]);
  });

  test("offers the emergency variant where one was declared", () => {
    expect(choicesOf("shop", flag(["prod"], "safe"), environments).map((item) => item.value)).toContain("fallback prod");
  });

  test("begins with switching off where one was looking, else in production", () => {
    const choices = choicesOf("shop", flag(["dev", "prod"]), environments);
    expect([likeliest(choices, "dev")?.value, likeliest(choices, undefined)?.value]).toEqual(["off dev", "off prod"]);
    expect(likeliest(choicesOf("shop", flag([]), environments), "prod")?.value).toBe("last-good prod");
    expect(likeliest([], "prod")).toBeUndefined();
  });
});

test("a countdown says what is left and never less than nothing", () => {
  const now = Date.parse("2026-11-21T10:00:00Z");
  expect(leftText("2026-11-21T11:01:05Z", now)).toBe("01:01:05");
  expect(leftText("2026-11-24T13:00:00Z", now)).toBe("3 d 03:00:00");
  expect(leftText("2026-11-21T09:00:00Z", now)).toBe("00:00:00");
  expect(leftShare("2026-11-21T09:00:00Z", "2026-11-21T13:00:00Z", now)).toBe(0.75);
  expect(leftShare("2026-11-21T09:00:00Z", "2026-11-21T09:30:00Z", now)).toBe(0);
});
