import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launch, Visitor } from "./browser";
import { api, as } from "./world";

const world = inject("world");
const DEV = "SelfManagedHA.DevPreviewNoUpgrade";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const flagPage = (flag: string, environment: string, project = "openshift") => `/projects/${project}/flags/${flag}?env=${environment}`;

// A project without production: what happens there needs nobody's approval.
beforeAll(async () => {
  await api(world, "POST", "/projects", { key: "lab", name: "Lab" });
  await api(world, "POST", "/projects/lab/environments", { key: "dev", name: "Development", type: "development" });
});

describe("logging in", () => {
  test("a wrong password is told as such, and a deep link leads on after the right one", async () => {
    const visitor = await Visitor.arrive(browser, world);
    const { page } = visitor;
    await visitor.open("/projects/openshift/flags?q=gateway");
    expect(new URL(page.url()).pathname).toBe("/login");
    await page.getByLabel("E-mail address").fill("vic@example.com");
    await page.getByRole("textbox", { name: "Password" }).fill("not the password");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("That is not an address and password that belong together.").waitFor();
    await page.getByRole("textbox", { name: "Password" }).fill(world.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("link", { name: "GatewayAPI", exact: true }).waitFor();
    expect(page.url()).toContain("q=gateway");
    await page.getByRole("button", { name: /Vic Viewer/ }).click();
    await page.getByRole("menuitem", { name: "Log out" }).click();
    await page.getByRole("button", { name: "Log in" }).waitFor();
    await visitor.open("/");
    expect(new URL(page.url()).pathname).toBe("/login");
    await visitor.leave();
  });

  test("an identity provider vouches for somebody, and leads back to where one wanted to go", async () => {
    const visitor = await Visitor.arrive(browser, world);
    const { page } = visitor;
    // The provider's stand-in for a person at a keyboard.
    await visitor.context.setExtraHTTPHeaders({ "X-Account": "ada" });
    await visitor.open("/requests");
    await page.getByRole("link", { name: "Continue with flat" }).click();
    await page.getByRole("heading", { name: "Change requests", level: 1 }).waitFor();
    // What the provider's group is worth here.
    await page.getByText("ADMIN", { exact: true }).first().waitFor();
    await visitor.leave();
  });

  test("a link to another server does not lead there", async () => {
    const visitor = await Visitor.arrive(browser, world);
    await visitor.open("/login?returnTo=//evil.example/x");
    await visitor.page.getByLabel("E-mail address").fill("vic@example.com");
    await visitor.page.getByRole("textbox", { name: "Password" }).fill(world.password);
    await visitor.page.getByRole("button", { name: "Log in" }).click();
    await visitor.page.locator("#content").waitFor();
    expect(new URL(visitor.page.url()).origin).toBe(world.url);
    await visitor.leave();
  });
});

describe("one's own password", () => {
  test("is changed by whoever knows it; other sessions end, and this one goes on", async () => {
    const email = "pia@example.com";
    await api(world, "POST", "/users", { email, name: "Pia Password", roles: ["viewer"], password: world.password });
    const [here, elsewhere] = [await Visitor.arrive(browser, world), await Visitor.arrive(browser, world)];
    for (const { page } of [here, elsewhere]) {
      await page.goto(`${world.url}/login`);
      await page.getByLabel("E-mail address").fill(email);
      await page.getByRole("textbox", { name: "Password" }).fill(world.password);
      await page.getByRole("button", { name: "Log in" }).click();
      await page.locator("#content").waitFor();
    }
    const { page } = here;
    await page.getByRole("button", { name: /Pia Password/ }).click();
    await page.getByRole("menuitem", { name: "Change your password" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Password of now" }).fill("not that one at all");
    await dialog.getByRole("textbox", { name: "New password" }).fill("short");
    await dialog.getByText("7 more characters").waitFor();
    await dialog.getByRole("textbox", { name: "New password" }).fill("another horse, another battery");
    await dialog.getByRole("button", { name: "Change it" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByRole("textbox", { name: "Password of now" }).fill(world.password);
    await dialog.getByRole("button", { name: "Change it" }).click();
    await page.getByText("Password changed", { exact: true }).waitFor();
    await here.open("/requests");
    await page.getByRole("heading", { name: "Change requests", level: 1 }).waitFor();
    await elsewhere.page.goto(`${world.url}/requests`);
    await elsewhere.page.getByRole("button", { name: "Log in" }).waitFor();
    for (const visitor of [here, elsewhere]) await visitor.leave();
  });
});

describe("what somebody may not do is not offered", () => {
  test("a viewer sees flags and nothing to change them with, and no log", async () => {
    const visitor = await Visitor.logIn(browser, world, "viewer");
    const { page } = visitor;
    await visitor.open("/projects/openshift/flags");
    await page.getByRole("link", { name: "AWSDedicatedHosts", exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Create flag" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Audit log" }).count()).toBe(0);
    await visitor.open(flagPage("GatewayAPI", DEV));
    expect(await page.getByRole("switch").first().isDisabled()).toBe(true);
    await visitor.open("/audit");
    await page.getByRole("alert").waitFor();
    await visitor.leave();
  });
});

describe("a flag", () => {
  test("is created, given a rule in development, and evaluated", async () => {
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open("/projects/lab/flags");
    await page.getByRole("button", { name: "Create flag" }).click();
    await page.getByLabel("Key").fill("bad key");
    await page.getByText("Letters, digits, dots").waitFor();
    await page.getByLabel("Key").fill("NewConsole");
    await page.getByLabel("Why").fill("CONSOLE-9: the new console");
    await page.getByText("boolean flag 'NewConsole' created").waitFor();
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByRole("heading", { name: "NewConsole", level: 1 }).waitFor();

    await visitor.open(flagPage("NewConsole", "dev", "lab"));
    await page.getByRole("switch", { name: /^Off: everyone/ }).click();
    await page.getByRole("button", { name: "Add a rule" }).click();
    const rule = page.getByRole("group", { name: "Rule 1" });
    // A rule that is not finished cannot be saved, and says why.
    await page.getByRole("button", { name: "Review and save" }).waitFor();
    expect(await page.getByRole("button", { name: "Review and save" }).isDisabled()).toBe(true);
    await rule.getByLabel("Name of rule 1").fill("Germans");
    await rule.getByLabel("Attribute").fill("country");
    await rule.getByLabel("Values").fill("de");
    await rule.getByLabel("Values").press("Enter");
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByText("rule 'Germans' added").waitFor();
    await page.getByText("none needed").waitFor();
    await page.getByLabel("Why").fill("Try it");
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByText("Applied", { exact: true }).waitFor();
    await page.getByText("revision 2").waitFor();

    await visitor.open(`${flagPage("NewConsole", "dev", "lab")}&tab=evaluate`);
    await page.getByRole("button", { name: "What do they get?" }).click();
    await page.getByText("TARGETING_MATCH").waitFor();
    await visitor.leave();
  });

  test("shows what people typed as text, never as a page", async () => {
    const dana = await as(world, "developer");
    const hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script>';
    await api(dana, "POST", "/projects/lab/flags", { key: "Hostile", name: hostile, description: hostile, owner: hostile });
    const visitor = await Visitor.logIn(browser, world, "admin");
    for (const tab of ["targeting", "history", "json"]) {
      await visitor.open(`/projects/lab/flags/Hostile?tab=${tab}`);
      expect(await visitor.page.locator("main img, main script").count()).toBe(0);
    }
    await visitor.open("/projects/lab/flags?q=hostile");
    await visitor.page.getByRole("cell").filter({ hasText: hostile }).waitFor();
    await visitor.leave();
  });

  test("is found by a few letters from anywhere", async () => {
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open("/projects/openshift/flags");
    await page.keyboard.press("Control+k");
    await page.getByLabel("Search or go to").fill("gatewayapi");
    await page.getByRole("button", { name: "GatewayAPI", exact: false }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1 }).filter({ hasText: "GatewayAPI" }).waitFor();
    await visitor.leave();
  });

  test("is shown as it was", async () => {
    const visitor = await Visitor.logIn(browser, world, "viewer");
    const { page } = visitor;
    await visitor.open("/projects/openshift/flags/GatewayAPI");
    await page.getByRole("button", { name: "State at…" }).click();
    await page.getByLabel("As it was at").fill("2025-04-15T12:00:00");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.getByText("As it was on 15 Apr 2025").waitFor();
    await visitor.settle();
    // On 14 April it had been switched off in production, and on the 18th on again.
    const states = page.getByRole("row", { name: /^State/ });
    expect(await states.innerText()).toContain("off");
    await page.getByRole("button", { name: "Back to now" }).click();
    await visitor.settle();
    expect(await states.innerText()).not.toContain("off");
    await visitor.leave();
  });
});

describe("a change of production", () => {
  test("is asked for by one, approved by two others, applied, and proved", async () => {
    const dana = await Visitor.logIn(browser, world, "developer");
    await dana.open(flagPage("InsightsConfig", "SelfManagedHA.Default"));
    await dana.page.getByRole("switch", { name: /^(On|Off): / }).first().click();
    await dana.page.getByRole("button", { name: "Review and save" }).click();
    await dana.page.getByText("must be approved").waitFor();
    await dana.page.getByText("Production is affected").waitFor();
    await dana.page.getByLabel("Why").fill("FEAT-123 goes live");
    await dana.page.getByLabel("Ticket").fill("FEAT-123");
    await dana.page.getByRole("button", { name: "Ask for approval" }).click();
    await dana.page.getByRole("link", { name: "Open the change request" }).click();
    await dana.page.getByRole("heading", { name: "FEAT-123 goes live" }).waitFor();
    await dana.settle();
    // Nobody approves their own.
    expect(await dana.page.getByRole("button", { name: "Approve" }).count()).toBe(0);
    await dana.page.getByText("You asked for it, so others must approve it.").waitFor();
    const address = new URL(dana.page.url()).pathname;

    const lee = await Visitor.logIn(browser, world, "lead");
    await lee.open("/requests");
    await lee.page.getByRole("link", { name: /FEAT-123 goes live/ }).click();
    await lee.page.getByText("Dana Developer").first().waitFor();
    await lee.page.getByRole("button", { name: "Approve" }).click();
    await lee.page.getByText("1 of 2").first().waitFor();

    const olga = await Visitor.logIn(browser, world, "owner");
    await olga.open(address);
    await olga.page.getByLabel("Comment").first().fill("Fine with the release plan");
    await olga.page.getByRole("button", { name: "Approve" }).click();
    await olga.page.getByText("applied", { exact: true }).first().waitFor();

    const ada = await Visitor.logIn(browser, world, "admin");
    await ada.open("/audit?ticket=FEAT-123");
    await ada.page.getByText("InsightsConfig").first().waitFor();
    await ada.page.getByRole("link", { name: /^Entry \d+/ }).first().click();
    await ada.page.getByRole("button", { name: "Check that it is in the log" }).click();
    await ada.page.getByText("Verified", { exact: true }).waitFor();
    await ada.page.getByText(/hashes lead from it to the root/).waitFor();
    for (const visitor of [dana, lee, olga, ada]) await visitor.leave();
  });

  test("that others made meanwhile is not overwritten: the conflict is told and the draft kept", async () => {
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open(flagPage("NewConsole", "dev", "lab"));
    await page.getByRole("switch", { name: /^On: / }).first().click();
    const flag = await api(world, "GET", "/projects/lab/flags/NewConsole");
    await api(world, "POST", "/projects/lab/flags/NewConsole/environments/dev/disable", { reason: "Somebody else" });
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByText("Somebody changed it in the meantime").waitFor();
    expect(flag.revision).toBe(2);
    await visitor.leave();
  });
});

describe("an entry", () => {
  test("tells by which request it came about, and to a data owner what stands behind its commitments", async () => {
    await api(world, "POST", "/users", { email: "dora@example.com", name: "Dora Data", roles: ["data-owner", "auditor"], password: world.password });
    const dana = await as(world, "developer");
    const made = await api(dana, "POST", "/projects/lab/flags", { key: "Revealed", reason: "Behind a commitment" });
    const { index } = made.ledger as { index: number };
    const visitor = await Visitor.arrive(browser, world);
    const { page } = visitor;
    await visitor.open(`/login?returnTo=/audit/${index}`);
    await page.getByLabel("E-mail address").fill("dora@example.com");
    await page.getByRole("textbox", { name: "Password" }).fill(world.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: "How it came about" }).waitFor();
    await page.getByText("Request", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Show them" }).click();
    await page.getByRole("region", { name: "Personal values" }).getByText("Behind a commitment").waitFor();
    const { items } = (await api(world, "GET", "/audit?action=audit.revealed")) as unknown as { items: unknown[] };
    expect(items.length).toBeGreaterThan(0);
    await visitor.leave();
  });
});

describe("the log", () => {
  test("is exported, with progress", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/audit?flag=GatewayAPI");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("button", { name: "Start" }).click();
    const link = page.getByRole("link", { name: "Download" });
    await link.waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    expect(await download.failure()).toBeNull();
    await visitor.leave();
  });
});
