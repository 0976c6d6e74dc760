import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { launch, Visitor } from "./browser";
import { api, as } from "./world";

const world = inject("world");

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  await api(world, "POST", "/projects", { key: "hall", name: "Hall" });
  await api(world, "POST", "/projects/hall/environments", { key: "dev", name: "Development", type: "development" });
  for (const key of ["lamp", "door", "stove"]) await api(world, "POST", "/projects/hall/flags", { key, reason: "test" });
  for (const key of ["door", "lamp"]) await api(world, "POST", `/projects/hall/flags/${key}/environments/dev/enable`, { reason: "test" });
  const { secret } = await api(world, "POST", "/sdk-keys", { name: "house", project: "hall", environment: "dev" });
  await vi.waitFor(
    async () => {
      await fetch(`${world.url}/ofrep/v1/evaluate/flags/door`, {
        method: "POST",
        headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" },
        body: JSON.stringify({ context: { targetingKey: "guest" } }),
      });
      expect((await api(world, "GET", "/projects/hall/evaluations?environment=dev")).flags).toHaveLength(1);
    },
    { timeout: 40_000, interval: 500 },
  );
});
afterAll(() => browser.close());

describe("Home", () => {
  test("tells how many flags there are and are on, what changed last, what is asked for most, and how the log is", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/projects/hall/flags");
    await visitor.open("/");
    const figure = (name: string) => page.getByRole("group", { name }).innerText();
    expect(await figure("Flags")).toContain("3");
    expect(await figure("On somewhere")).toMatch(/2\s+1 off everywhere/);
    expect(await figure("Deprecated")).toContain("0");
    const { size } = await api(world, "GET", "/ledger/status");
    const entries = Number((await figure("Entries in the log")).match(/[\d,]+/)![0].replaceAll(",", ""));
    expect(Math.abs(entries - Number(size))).toBeLessThan(20);
    const changed = page.getByRole("region", { name: "Changed last" }).getByRole("listitem");
    expect(await changed.count()).toBe(3);
    expect(await changed.first().innerText()).toContain("lamp");
    const busiest = page.getByRole("region", { name: "Evaluated most" }).getByRole("listitem");
    expect(await busiest.first().innerText()).toContain("door");
    await busiest.first().getByRole("link").click();
    await page.getByRole("heading", { name: "door", level: 1 }).waitFor();
    await visitor.leave();
  });

  test("shows who must look at an emergency that it waits for a second person", async () => {
    await api(await as(world, "sre"), "POST", "/bypasses", {
      incident: "INC-2",
      severity: "SEV1",
      justification: "The lamp smokes",
      operation: { project: "hall", op: "setEnabled", flag: "lamp", environment: "dev", enabled: false },
    });
    const visitor = await Visitor.logIn(browser, world, "lead");
    const { page } = visitor;
    await visitor.open("/");
    const waiting = page.getByRole("list", { name: "Bypasses" }).getByRole("listitem").filter({ hasText: "lamp" });
    await waiting.getByText("waits for agreement").waitFor();
    await waiting.getByRole("link").click();
    await page.getByText("Nothing has changed yet").waitFor();
    await visitor.leave();
  });
});

describe("a page that is left open", () => {
  test("says of what it asks by itself that nobody is at it, until somebody is again", async () => {
    const visitor = await Visitor.logIn(browser, world, "lead");
    const { page } = visitor;
    await page.clock.install();
    await visitor.open("/emergency");
    const polls: (string | undefined)[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).pathname === "/api/v1/bypasses") polls.push(request.headers()["x-halyard-unattended"]);
    });
    const next = async (wait: number) => {
      const before = polls.length;
      await page.clock.fastForward(wait);
      await expect.poll(() => polls.length, { timeout: 15_000 }).toBeGreaterThan(before);
      return polls.at(-1);
    };
    await page.keyboard.press("Shift");
    expect(await next(11_000)).toBeUndefined();
    expect(await next(61_000)).toBe("true");
    await page.keyboard.press("Shift");
    expect(await next(11_000)).toBeUndefined();
    await visitor.leave();
  });
});
