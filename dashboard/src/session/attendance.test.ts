import { describe, expect, test } from "vitest";
import { attend, isUnattended, UNATTENDED_AFTER } from "./attendance";

describe("attendance", () => {
  test("a page is unattended a minute after the last sign of somebody, and attended again with the next", () => {
    const page = new EventTarget();
    attend(page as unknown as Window);
    const now = Date.now();
    page.dispatchEvent(new Event("keydown"));
    expect(isUnattended(now + UNATTENDED_AFTER - 1)).toBe(false);
    expect(isUnattended(now + UNATTENDED_AFTER + 1_000)).toBe(true);
    page.dispatchEvent(new Event("wheel"));
    expect(isUnattended()).toBe(false);
  });
});
