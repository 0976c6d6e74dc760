import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launch, Visitor } from "./browser";
import { api, as, type World } from "./world";

const world = inject("world");
const PRODUCTION = "production";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const flagPage = (flag: string, environment = PRODUCTION) => `/projects/wharf/flags/${flag}?env=${environment}`;

async function isOn(flag: string, environment = PRODUCTION): Promise<boolean> {
  const { environments } = (await api(world, "GET", `/projects/wharf/flags/${flag}`)) as { environments: Record<string, { enabled: boolean }> };
  return environments[environment]?.enabled ?? false;
}

/** Fills what an emergency asks for, and waits for what the server says of it. */
async function fill(page: Page, incident: string, why: string) {
  await page.getByLabel("Incident").fill(incident);
  await page.getByLabel("Why it cannot wait for approvals").fill(why);
}

/** Opens a bypass as somebody, does something there, and leaves. */
async function asPerson(who: Parameters<typeof Visitor.logIn>[2], path: string, act: (page: Page) => Promise<void>) {
  const visitor = await Visitor.logIn(browser, world, who);
  await visitor.open(path);
  await act(visitor.page);
  await visitor.leave();
}

describe("an emergency", () => {
  test("at once, two clicks from the flag: in effect, counted down, ratified by those who would have approved, reviewed", async () => {
    const visitor = await Visitor.logIn(browser, world, "oncall");
    const { page } = visitor;
    await visitor.open(flagPage("crane"));
    // One click, what must be said, and another.
    await page.getByRole("button", { name: "Emergency" }).click();
    await page.getByRole("combobox", { name: "What is done" }).click();
    await page.getByRole("option", { name: "Switch it on for an hour in Production" }).click();
    await fill(page, "INC-1", "The other crane fell into the water");
    await page.getByText("takes effect at once", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Pass approvals by" }).click();
    await page.getByRole("heading", { name: "crane changed for a time", level: 1 }).waitFor();
    expect(await isOn("crane")).toBe(true);
    const left = await page.getByRole("timer").textContent();
    expect(left).toMatch(/^(01:00:00|00:59:\d\d)$/);
    await expect.poll(() => page.getByRole("timer").textContent(), { timeout: 10_000 }).not.toBe(left);
    await page.getByText("You asked for it, so others ratify and review it.").waitFor();
    const address = new URL(page.url()).pathname;
    await visitor.leave();

    await asPerson("lead", "/emergency", async (lead) => {
      await lead.getByRole("link", { name: /crane changed for a time/ }).click();
      await lead.getByLabel("Comment").fill("It had to be");
      await lead.getByRole("button", { name: "Ratify" }).click();
      await lead.getByText("1 of 2").waitFor();
      await lead.getByText("You have ratified it.").waitFor();
    });
    await asPerson("owner", address, async (owner) => {
      await owner.getByRole("button", { name: "Ratify" }).click();
      await owner.getByText("ratified, last by").waitFor();
      // What is ratified stands for good.
      await owner.getByRole("timer").waitFor({ state: "detached" });
    });
    await asPerson("manager", address, async (manager) => {
      await manager.getByLabel("What was found").fill("The rope was old");
      await manager.getByRole("button", { name: "Add what is to be done" }).click();
      await manager.getByRole("textbox", { name: "To be done 1" }).fill("Buy a rope");
      await manager.getByRole("textbox", { name: "Ticket of action item 1" }).fill("DOCK-3");
      await manager.getByRole("button", { name: "Write the review" }).click();
      const items = manager.getByRole("list", { name: "Action items" });
      await items.getByText("Buy a rope").waitFor();
      await items.getByText("DOCK-3").waitFor();
    });
    const bypass = await api(world, "GET", `/bypasses/${address.split("/").at(-1)}`);
    expect(bypass).toMatchObject({ state: "ratified", open: false, review: { findings: "The rope was old" } });
    expect(await isOn("crane")).toBe(true);
  });

  test("that nobody can confirm waits for a second person; refused, it leads to a request to undo it", async () => {
    const visitor = await Visitor.logIn(browser, world, "oncall");
    const { page } = visitor;
    await visitor.open(`${flagPage("gate")}&emergency=true`);
    await page.getByRole("combobox", { name: "What is done" }).click();
    await page.getByRole("option", { name: "Switch it on for a day in Production" }).click();
    await fill(page, "INC-500", "Ships cannot leave");
    await page.getByText("waits for somebody").waitFor();
    await page.getByRole("button", { name: "Pass approvals by" }).click();
    await page.getByText("Nothing has changed yet").waitFor();
    await page.getByText("You asked for it, so somebody else must agree.").waitFor();
    expect(await isOn("gate")).toBe(false);
    const address = new URL(page.url()).pathname;
    await visitor.leave();

    await asPerson("sre", "/emergency", async (sre) => {
      await sre.getByRole("link", { name: /gate changed for a time/ }).click();
      await sre.getByRole("button", { name: "Agree" }).click();
      await sre.getByText("in effect", { exact: true }).waitFor();
    });
    expect(await isOn("gate")).toBe(true);
    await asPerson("lead", address, async (lead) => {
      expect(await lead.getByRole("button", { name: "Refuse" }).isDisabled()).toBe(true);
      await lead.getByLabel("Comment").fill("The other gate was open");
      await lead.getByRole("button", { name: "Refuse" }).click();
      await lead.getByRole("link", { name: "The change request that would undo it" }).click();
      await lead.getByRole("heading", { name: /^Undo emergency bypass/ }).waitFor();
    });
  });

  test("for an incident that is over is denied before anything is written", async () => {
    const before = await bypassCount();
    const visitor = await Visitor.logIn(browser, world, "oncall");
    const { page } = visitor;
    await visitor.open(`${flagPage("lamp")}&emergency=true`);
    await fill(page, "INC-9", "It was dark");
    await page.getByText("It would be denied").waitFor();
    expect(await page.getByRole("button", { name: "Pass approvals by" }).isDisabled()).toBe(true);
    expect(await bypassCount()).toBe(before);
    await visitor.leave();
  });

  test("is begun from the palette by keyboard alone", async () => {
    const visitor = await Visitor.logIn(browser, world, "oncall");
    const { page } = visitor;
    await visitor.open("/projects/wharf/flags");
    await page.keyboard.press("Control+k");
    await page.getByRole("textbox", { name: "Search or go to" }).fill("lamp");
    await page.getByText("Emergency: lamp").waitFor();
    // The flag itself is chosen first; its emergency comes next.
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Emergency: lamp" }).waitFor();
    // The incident has the focus: it is what one knows first.
    await expect.poll(() => page.getByLabel("Incident").evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type("INC-1");
    await page.getByRole("button", { name: "Pass approvals by" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Emergency: lamp" }).waitFor({ state: "detached" });
    expect(page.url()).not.toContain("emergency");
    await visitor.leave();
  });

  test("is for nobody who may not: a developer sees what happened, and no way to begin or judge it", async () => {
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open(`${flagPage("lamp")}&emergency=true`);
    await page.getByRole("heading", { name: "lamp", level: 1 }).waitFor();
    expect(await page.getByRole("button", { name: "Emergency" }).count()).toBe(0);
    expect(await page.getByRole("dialog").count()).toBe(0);
    await visitor.open("/emergency?view=all");
    await page.getByRole("link", { name: /crane/ }).click();
    await page.getByRole("heading", { name: "What happened" }).waitFor();
    expect(await page.getByRole("region", { name: "Decide" }).count()).toBe(0);
    await visitor.leave();
  });
});

async function bypassCount(): Promise<number> {
  const reader: World = await as(world, "manager");
  return ((await api(reader, "GET", "/bypasses?limit=1000")).items as unknown[]).length;
}
