import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launch, Visitor } from "./browser";
import { api, approve, as } from "./world";

const world = inject("world");
const SOON = { timeout: 15_000 };
const PRODUCTION = "SelfManagedHA.Default";
const DEV = "SelfManagedHA.DevPreviewNoUpgrade";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  await api(world, "POST", "/projects", { key: "docks", name: "Docks" });
  for (const [key, type] of [["dev", "development"], ["dev-2", "development"]])
    await api(world, "POST", "/projects/docks/environments", { key, name: key, type });
  for (const key of ["crane", "ferry", "quay", "tug"]) await api(world, "POST", "/projects/docks/flags", { key, reason: "test" });
});
afterAll(() => browser.close());

const read = (path: string) => api(world, "GET", path) as Promise<Record<string, never>>;

describe("many flags", () => {
  test("are chosen by keyboard and changed in one change", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/projects/docks/flags");
    await page.getByRole("link", { name: "crane" }).focus();
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByText("3 flags", { exact: true }).waitFor();
    await page.keyboard.press("x");
    await page.getByText("2 flags", { exact: true }).waitFor();
    await page.getByRole("checkbox", { name: "Choose tug" }).click();
    expect(await page.getByRole("checkbox", { name: "Choose crane" }).isChecked()).toBe(true);
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByRole("menuitem", { name: "Switch on" }).click();
    await page.getByText("Switch on 3 flags", { exact: true }).waitFor();
    await page.getByLabel("In", { exact: true }).selectOption("dev-2");
    await page.getByText("3 flags in one environment: crane, ferry, tug").waitFor();
    await page.getByLabel("Why").fill("They open together");
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByText("Applied", { exact: true }).waitFor();
    expect(await page.getByRole("region", { name: "Chosen flags" }).count()).toBe(0);
    for (const [key, on] of [["crane", true], ["ferry", true], ["quay", false], ["tug", true]] as const) {
      const { environments } = (await read(`/projects/docks/flags/${key}`)) as unknown as { environments: Record<string, { enabled: boolean }> };
      expect(environments["dev-2"]?.enabled ?? false, key).toBe(on);
    }
    // One change is one entry.
    const { items } = (await read("/audit?project=docks&action=flag.enabled")) as unknown as { items: { reason: string }[] };
    expect(items.map((item) => item.reason)).toEqual(["They open together"]);
    await visitor.leave();
  });

  test("cannot be chosen by who may change nothing", async () => {
    const visitor = await Visitor.logIn(browser, world, "viewer");
    await visitor.open("/projects/docks/flags");
    await visitor.page.getByRole("link", { name: "crane" }).waitFor();
    expect(await visitor.page.getByRole("checkbox").count()).toBe(0);
    await visitor.leave();
  });
});

describe("a promotion", () => {
  test("takes over what a flag has where it comes from, from its own page", async () => {
    const { revision } = (await read("/projects/docks/flags/quay")) as unknown as { revision: number };
    await api(world, "POST", "/projects/docks/changes", {
      reason: "test",
      operations: [{ op: "setEnabled", flag: "quay", environment: "dev", enabled: true, baseRevision: revision }],
    });
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/projects/docks/flags/quay?env=dev");
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Promote" }).click();
    await page.getByText("flag 'quay' promoted from 'dev' to 'dev-2'").waitFor();
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByText("Applied", { exact: true }).waitFor();
    await visitor.open("/projects/docks/promotion?from=dev&to=dev-2&q=quay");
    await page.getByText("No flag fits").waitFor();
    await visitor.leave();
  });

  test("that a gate blocks is not offered to be made, and says why", async () => {
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open(`/projects/openshift/promotion?from=SelfManagedHA.TechPreviewNoUpgrade&to=${PRODUCTION}`);
    await page.getByRole("button", { name: /^Promote / }).first().click();
    await page.getByText("The gate is closed").waitFor();
    await page.getByRole("dialog").getByText(/without a break and must be for 24 h/).first().waitFor();
    await page.getByText("You may not make this change").waitFor();
    expect(await page.getByRole("button", { name: "Apply now" }).isDisabled()).toBe(true);
    await visitor.leave();
  });
});

describe("a request whose flag others changed", () => {
  test("is shown three ways, prepared anew, and approved again", async () => {
    const [dana, lee, olga] = [await as(world, "developer"), await as(world, "lead"), await as(world, "owner")];
    const { revision } = (await read("/projects/openshift/flags/GatewayAPI")) as unknown as { revision: number };
    const of = (base: number, item: object) => ({ flag: "GatewayAPI", baseRevision: base, ...item });
    const { changeRequest } = await api(dana, "POST", "/projects/openshift/changes", {
      reason: "Three ways",
      operations: [
        of(revision, { op: "setOffVariant", environment: DEV, variant: "on" }),
        of(revision, { op: "addOverride", environment: PRODUCTION, override: { id: "o_9", targetingKey: "cluster-9", variant: "off" } }),
      ],
    });
    const { id } = changeRequest as { id: string };
    await api(world, "POST", "/projects/openshift/changes", {
      reason: "Others were faster",
      operations: [of(revision, { op: "setOffVariant", environment: DEV, variant: "on" })],
    });
    const after = (await read("/projects/openshift/flags/GatewayAPI")) as unknown as { revision: number };
    await api(world, "POST", "/projects/openshift/changes", {
      reason: "And then otherwise",
      operations: [of(after.revision, { op: "setFallthrough", environment: DEV, serve: { variant: "off" } })],
    });
    await approve(lee, id);
    await approve(olga, id);
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open(`/requests/${id}`);
    await page.getByText("in conflict", { exact: true }).first().waitFor();
    const region = page.getByRole("region", { name: "Three ways" });
    await region.getByText("both, the same").waitFor();
    await region.getByText("others", { exact: true }).waitFor();
    await region.getByText("this request", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Prepare it anew" }).click();
    await page.getByText("waits for approval", { exact: true }).first().waitFor();
    expect(await region.count()).toBe(0);
    await approve(lee, id);
    await approve(olga, id);
    await expect.poll(async () => (await read(`/change-requests/${id}`)).state, SOON).toBe("applied");
    await visitor.leave();
  });
});

describe("the log", () => {
  test("is followed: what comes appears at the top, and moves nothing for who reads further down", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/audit?live=true");
    await page.getByText("New entries appear at the top as they are written.").waitFor();
    const say = (reason: string) => api(world, "PATCH", "/projects/docks/flags/crane", { description: reason, reason });
    await say("The first that comes");
    await page.getByText("“The first that comes”").waitFor(SOON);
    expect(await page.locator("article").first().innerText()).toContain("The first that comes");

    await page.evaluate(() => window.scrollTo({ top: 1_500 }));
    const top = await page.evaluate(() => scrollY);
    expect(top).toBeGreaterThan(500);
    await say("The second that comes");
    const news = page.getByRole("button", { name: "1 new entry" });
    await news.waitFor(SOON);
    expect(await page.evaluate(() => scrollY)).toBe(top);
    expect(await page.getByText("“The second that comes”").count()).toBe(0);
    await news.click();
    await page.getByText("“The second that comes”").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    expect(page.url()).not.toContain("live");
    await visitor.leave();
  });

  test("is not read over and over where nothing happens", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    await visitor.open("/audit?live=true&project=docks");
    const reads: string[] = [];
    visitor.page.on("request", (request) => {
      if (new URL(request.url()).pathname === "/api/v1/audit") reads.push(request.url());
    });
    const statuses: string[] = [];
    visitor.page.on("request", (request) => {
      if (request.url().endsWith("/ledger/status")) statuses.push(request.url());
    });
    await expect.poll(() => statuses.length, { timeout: 30_000 }).toBeGreaterThan(4);
    expect(reads.length).toBeLessThanOrEqual(2);
    await visitor.leave();
  });
});

describe("the access policy", () => {
  test("is edited, refused while broken, tried, put in force, and rolled back in one step", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/settings?tab=policy");
    const text = page.getByRole("textbox", { name: "Policy halyard.rego" });
    await text.press("Control+End");
    await page.keyboard.type("\nbroken if {");
    await page.getByRole("button", { name: "Try it on what was decided" }).click();
    await page.getByRole("button", { name: /^halyard\.rego, line \d+/ }).waitFor();
    expect(await page.getByRole("button", { name: "Put in force" }).isDisabled()).toBe(true);
    await text.press("Control+End");
    for (let letter = 0; letter < "broken if {".length + 2; letter++) await page.keyboard.press("Backspace");
    await page.keyboard.type("\n# ours");
    await page.getByRole("button", { name: "Try it on what was decided" }).click();
    await page.getByRole("heading", { name: "What it would have decided" }).waitFor();

    await page.getByRole("tab", { name: "Test inputs" }).click();
    await page.getByText("They are asked of your draft").waitFor();
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("as expected", { exact: true }).waitFor();
    await page.getByRole("tab", { name: "Policy", exact: true }).click();

    await page.getByRole("button", { name: "Put in force" }).click();
    await page.getByRole("dialog").getByLabel("Why").fill("Our own words");
    await page.getByRole("dialog").getByRole("button", { name: "Put in force" }).click();
    await page.getByText("revision 1", { exact: true }).waitFor();
    const inForce = (await read("/authorization/policy")) as unknown as { revision: number; modules: { text: string }[] };
    expect([inForce.revision, inForce.modules[0]!.text.trimEnd().endsWith("# ours")]).toEqual([1, true]);

    await page.getByRole("button", { name: "Roll back" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Put it in force again" }).click();
    await page.getByText("revision 2", { exact: true }).waitFor();
    const back = (await read("/authorization/policy")) as unknown as { modules: { text: string }[] };
    expect(back.modules[0]!.text).not.toContain("# ours");
    await visitor.leave();
  });
});
