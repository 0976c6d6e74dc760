import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launch, Visitor } from "./browser";
import { api } from "./world";

const world = inject("world");
const SOON = { timeout: 5_000 };

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  await api(world, "POST", "/projects", { key: "yard", name: "Yard" });
  await api(world, "POST", "/projects/yard/environments", { key: "dev", name: "Development", type: "development" });
  await api(world, "POST", "/projects/yard/flags", { key: "crane", reason: "test" });
});
afterAll(() => browser.close());

describe("a segment", () => {
  test("is created, given a rule, found in a flag that uses it, and deleted where nothing does", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/projects/yard/segments");
    await page.getByRole("button", { name: "Create segment" }).click();
    await page.getByRole("textbox", { name: "Key", exact: true }).fill("bad key");
    await page.getByText("Letters, digits, dots").waitFor();
    await page.getByRole("textbox", { name: "Key", exact: true }).fill("testers");
    await page.getByRole("textbox", { name: /^Always in/ }).fill("user-1\nuser-2");
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByRole("heading", { name: "testers", level: 1 }).waitFor();
    await page.getByText("2 keys always in").waitFor();

    await page.getByRole("button", { name: "Add a rule" }).click();
    await page.getByText("Rule 1: Name the attribute to look at.").waitFor();
    expect(await page.getByRole("button", { name: "Review and save" }).isDisabled()).toBe(true);
    await page.getByRole("textbox", { name: "Attribute" }).fill("plan");
    await page.getByRole("combobox", { name: "Values" }).fill("beta");
    await page.getByRole("combobox", { name: "Values" }).press("Enter");
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByText("1 rule · 2 keys always in").waitFor();

    await visitor.open("/projects/yard/segments/testers?tab=uses");
    await page.getByText("Nothing uses it").waitFor();
    await api(world, "POST", "/projects/yard/changes", {
      reason: "test",
      operations: [
        {
          op: "addRule",
          baseRevision: 1,
          flag: "crane",
          environment: "dev",
          rule: { id: "r_1", conditions: [{ operator: "segment", values: ["testers"] }], serve: { variant: "on" } },
        },
      ],
    });
    await visitor.open("/projects/yard/segments/testers?tab=uses");
    await page.getByText("dev: rule 1").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByText("flag 'crane' uses it in environment 'dev'").waitFor();
    expect(await page.getByRole("button", { name: "Apply now" }).isDisabled()).toBe(true);
    await visitor.leave();
  });
});

describe("environments", () => {
  test("one is created and moved up; a key of it works, is rotated and revoked", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/projects/yard/environments");
    await page.getByRole("button", { name: "Create environment" }).click();
    await page.getByRole("textbox", { name: "Key", exact: true }).fill("preview");
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByRole("button", { name: "Move preview up" }).click();
    await page.getByRole("button", { name: "Apply now" }).click();
    const first = page.getByRole("list", { name: "Environments" }).getByRole("listitem").first();
    await first.getByText("preview", { exact: true }).waitFor();

    await page.getByRole("link", { name: "SDK keys of dev: 0" }).click();
    await page.getByRole("button", { name: "Create SDK key" }).click();
    await page.getByLabel("Name").fill("service");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    const secret = await page.getByLabel("Secret", { exact: true }).inputValue();
    expect(secret).toMatch(/^hal\.default\.k_/);
    await expect.poll(() => ofrep(secret), SOON).toBe(200);
    await page.getByRole("button", { name: "Done", exact: true }).click();

    await page.getByRole("button", { name: "What can be done to service" }).click();
    await page.getByRole("menuitem", { name: "Rotate" }).click();
    await page.getByLabel("The secret of now works on").selectOption("0");
    await page.getByRole("button", { name: "Rotate" }).click();
    const second = await page.getByLabel("Secret", { exact: true }).inputValue();
    await expect.poll(() => ofrep(second), SOON).toBe(200);
    await expect.poll(() => ofrep(secret), SOON).toBe(401);
    await page.getByRole("button", { name: "Done", exact: true }).click();

    await page.getByRole("button", { name: "What can be done to service" }).click();
    await page.getByRole("menuitem", { name: "Revoke" }).click();
    await page.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("No key reads it").waitFor();
    await expect.poll(() => ofrep(second), SOON).toBe(401);
    await visitor.leave();
  });
});

const ofrep = async (key: string) =>
  (
    await fetch(`${world.url}/ofrep/v1/evaluate/flags/crane`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ context: { targetingKey: "u" } }),
    })
  ).status;

describe("settings", () => {
  test("a user is created with a drawn password, given a role in one project, disabled", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/settings");
    await page.getByRole("button", { name: "Create user" }).click();
    await page.getByLabel("E-mail address").fill("ned@example.com");
    await page.getByRole("textbox", { name: "Name" }).fill("Ned New");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    const password = await page.getByLabel("Secret", { exact: true }).inputValue();
    expect(await logIn("ned@example.com", password)).toBe(200);
    await page.getByRole("button", { name: "Done", exact: true }).click();

    await page.getByRole("button", { name: "What can be done to Ned New" }).click();
    await page.getByRole("menuitem", { name: "Assignments" }).click();
    await page.getByRole("button", { name: "Assign a role" }).click();
    await page.getByRole("combobox", { name: "Role" }).fill("developer");
    await page.getByRole("option", { name: "developer", exact: true }).click();
    await page.getByRole("combobox", { name: "Projects" }).fill("yard");
    await page.getByRole("option", { name: "yard", exact: true }).click();
    await page.getByText("Where it counts: in yard").waitFor();
    await page.getByRole("button", { name: "Assign", exact: true }).click();
    await page.getByRole("list", { name: "Assignments" }).getByText("Ned New").waitFor();

    await visitor.open("/settings");
    await page.getByRole("button", { name: "What can be done to Ned New" }).click();
    await page.getByRole("menuitem", { name: "Disable" }).click();
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByRole("list", { name: "Users" }).getByText("disabled").waitFor();
    expect(await logIn("ned@example.com", password)).toBe(401);
    await visitor.leave();
  });

  test("a role is defined, a token with it created and revoked", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/settings?tab=roles");
    await page.getByRole("button", { name: "Define a role" }).click();
    await page.getByRole("textbox", { name: "Key", exact: true }).fill("reader");
    await page.getByRole("combobox", { name: "Actions" }).fill("audit.read");
    await page.getByRole("combobox", { name: "Actions" }).press("Enter");
    await page.getByRole("button", { name: "Define", exact: true }).click();
    await page.getByRole("button", { name: /^reader: 1 grant/ }).waitFor();

    await visitor.open("/settings?tab=tokens");
    await page.getByRole("button", { name: "Create token" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("reading pipeline");
    await page.getByRole("combobox", { name: "Roles" }).fill("reader");
    await page.getByRole("option", { name: "reader", exact: true }).click();
    await page.getByRole("button", { name: "Create", exact: true }).click();
    const secret = await page.getByLabel("Secret", { exact: true }).inputValue();
    expect([await status(secret, "/audit/count"), await status(secret, "/users")]).toEqual([200, 403]);
    await page.getByRole("button", { name: "Done", exact: true }).click();
    await page.getByRole("button", { name: "What can be done to reading pipeline" }).click();
    await page.getByRole("menuitem", { name: "Revoke" }).click();
    await page.getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("list", { name: "API tokens" }).getByText("reading pipeline").waitFor({ state: "detached" });
    expect(await status(secret, "/audit/count")).toBe(401);
    await visitor.leave();
  });

  test("somebody's personal values are erased, with a reason that the log keeps", async () => {
    const gus = await api(world, "POST", "/users", { email: "gus@example.com", name: "Gus Gone", roles: ["viewer"], password: world.password });
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    const erase = async () => {
      await visitor.open("/settings?tab=retention");
      await page.getByRole("button", { name: "Erase a person" }).click();
      await page.getByLabel("Whom").fill("gus@example.com");
      expect(await page.getByRole("button", { name: "Erase for good" }).isDisabled()).toBe(true);
      await page.getByRole("dialog").getByLabel("Why").fill("He asked for it");
      await page.getByRole("button", { name: "Erase for good" }).click();
    };
    await erase();
    // Nobody is forgotten who is still there.
    await page.getByText("It still stands in live resources").waitFor();
    await api(world, "DELETE", `/users/${gus.id}`, { reason: "He left" });
    await erase();
    await page.getByText("Erased", { exact: true }).waitFor();
    const { count } = await api(world, "GET", "/audit/count?action=privacy.subject_erased");
    expect(Number(count)).toBe(1);
    await visitor.leave();
  });

  test("a sink is created and tested, and says what came back", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/settings?tab=sinks");
    await page.getByRole("button", { name: "Create sink" }).click();
    await page.getByRole("textbox", { name: "Key", exact: true }).fill("quay");
    await page.getByLabel("Kind").selectOption("file");
    await page.getByLabel("Name of the file").fill("quay.txt");
    await page.getByText("The file's name ends with .jsonl.").waitFor();
    await page.getByLabel("Name of the file").fill("quay.jsonl");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("button", { name: "What can be done to quay" }).click();
    await page.getByRole("menuitem", { name: "Send a test" }).click();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("Delivered", { exact: true }).waitFor();
    await visitor.leave();
  });

  test("a viewer is offered none of it", async () => {
    const visitor = await Visitor.logIn(browser, world, "viewer");
    const { page } = visitor;
    await visitor.open("/projects/yard/segments/testers");
    await page.getByRole("heading", { name: "testers", level: 1 }).waitFor();
    expect(await page.getByRole("button", { name: "Delete" }).count()).toBe(0);
    await visitor.open("/projects/yard/environments");
    await page.getByText("dev", { exact: true }).first().waitFor();
    expect(await page.getByRole("button", { name: "Create environment" }).count()).toBe(0);
    await visitor.open("/settings?tab=users");
    await page.getByText("Not for your roles").waitFor();
    await visitor.leave();
  });
});

const logIn = async (email: string, password: string) =>
  (await fetch(`${world.url}/auth/password`, { method: "POST", body: JSON.stringify({ email, password, token: true }) })).status;

const status = async (token: string, path: string) =>
  (await fetch(`${world.url}/api/v1${path}`, { headers: { Authorization: `Bearer ${token}` } })).status;

describe("the compliance report", () => {
  test("is for members of a segment, whatever made them members, also on the page to print", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    const address = "/projects/openshift/compliance?flag=InstallerRetries&env=SelfManagedHA.DevPreviewNoUpgrade";
    await visitor.open(address);
    const now = page.getByRole("region", { name: "In short" });
    await now.getByText("now depends", { exact: true }).waitFor();
    await page.getByRole("combobox", { name: "For members of" }).fill("beta");
    await page.getByRole("option", { name: "beta-clusters" }).click();
    await page.getByRole("button", { name: "Show the report" }).click();
    await now.getByRole("link", { name: "beta-clusters" }).waitFor();
    await now.getByText("now on", { exact: true }).waitFor();
    expect(page.url()).toContain("segment=beta-clusters");
    await page.getByRole("region", { name: "Timeline" }).getByRole("link").first().waitFor();
    const print = await page.getByRole("link", { name: "Page to print" }).getAttribute("href");
    const printed = await visitor.context.newPage();
    await printed.goto(world.url + print!);
    await printed.getByText("members of segment beta-clusters").waitFor();
    await printed.getByRole("img", { name: "Timeline" }).waitFor();
    await visitor.leave();
  });

  test("follows a flag, leads to the entry of each turn, and has a page to print", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/projects/openshift/compliance");
    await page.getByRole("combobox", { name: "Flag" }).fill("GatewayAPI");
    await page.getByRole("option", { name: "GatewayAPI", exact: true }).click();
    await page.getByRole("button", { name: "Show the report" }).click();
    await page.getByText("Period by period").waitFor();
    expect(page.url()).toContain("flag=GatewayAPI");
    const print = await page.getByRole("link", { name: "Page to print" }).getAttribute("href");
    const printed = await visitor.context.newPage();
    const answer = await printed.goto(world.url + print!);
    expect([answer!.status(), answer!.headers()["content-type"]]).toEqual([200, expect.stringContaining("text/html")]);
    await page.getByRole("link", { name: /^entry \d+$/ }).first().click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(page.url()).toMatch(/\/audit\/\d+$/);
    await visitor.leave();
  });
});
