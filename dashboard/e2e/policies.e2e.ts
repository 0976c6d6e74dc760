import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launch, Visitor } from "./browser";
import { api, as } from "./world";

const world = inject("world");

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  await api(world, "POST", "/projects", { key: "mill", name: "Mill" });
  await api(world, "POST", "/projects/mill/environments", { key: "dev", name: "Development", type: "development" });
  await api(world, "POST", "/projects/mill/flags", { key: "sail", reason: "test" });
});
afterAll(() => browser.close());

const POLICY = `apiVersion: featureflags/v1
kind: ApprovalPolicy
metadata:
  name: even-development
spec:
  rules:
    - name: wind
      conditions:
        - field: environment.type
          operator: sometimes
          value: development
      approval:
        required: true
        minApprovers: 1
        approverRoles: [tech-lead]
`;

/** Puts a text into the editor in the place of what is there. */
async function write(page: Page, text: string) {
  const editor = page.getByRole("textbox", { name: "Text of the policy" });
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  // As text that is pasted: typed, the editor would indent it by itself.
  await page.keyboard.insertText(text);
}

const enable = async () => api(await as(world, "developer"), "POST", "/projects/mill/flags/sail/environments/dev/enable", { reason: "Wind" });

describe("approval policies", () => {
  test("one is written, told what is wrong with it and where, simulated, and put in force by a second person", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/policies");
    await page.getByText(/^in force, revision \d+$/).waitFor();
    await page.getByRole("button", { name: "Add a policy" }).click();
    await page.getByLabel("Belongs to").selectOption("mill");
    await write(page, POLICY);
    await page.getByText("It does not load").waitFor();
    await page.getByText("even-development, line 10, column", { exact: false }).waitFor();
    expect(await page.locator(".cm-lintRange-error").count()).toBeGreaterThan(0);
    expect(await page.getByRole("button", { name: "Review and put in force" }).isDisabled()).toBe(true);

    await write(page, POLICY.replace("sometimes", "equals"));
    await page.getByText("The server reads it without objections.").waitFor();
    await page.getByRole("button", { name: "Simulate" }).click();
    await page.getByText("Changes looked at").waitFor();
    const figures = page.locator("dl[aria-label='What it comes to']");
    await figures.getByText("Need it that go through now").waitFor();

    await page.getByRole("button", { name: "Review and put in force" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("must be approved").waitFor();
    await dialog.getByText(/recorded changes/).waitFor();
    await dialog.getByLabel("Why").fill("The mill is not to be played with");
    await dialog.getByRole("button", { name: "Ask for approval" }).click();
    await page.getByRole("link", { name: "Open the change request" }).click();
    await page.getByRole("heading", { name: "The mill is not to be played with" }).waitFor();
    const request = new URL(page.url()).pathname;
    await visitor.leave();

    const manager = await Visitor.logIn(browser, world, "manager");
    await manager.open(request);
    await manager.page.getByRole("button", { name: "Approve" }).click();
    await manager.page.getByText("applied", { exact: true }).first().waitFor();
    await manager.open("/policies?policy=mill/even-development");
    await manager.page.getByRole("textbox", { name: "Text of the policy" }).getByText("name: even-development").waitFor();
    await manager.leave();
    // It is what decides now: development waits in this project.
    expect(await enable()).toMatchObject({ status: "pending" });
  });

  test("are for a viewer to read and for nobody like them to change", async () => {
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open("/policies");
    await page.getByRole("textbox", { name: "Text of the policy" }).waitFor();
    expect(await page.getByRole("button", { name: "Add a policy" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Simulate" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Review and put in force" }).count()).toBe(0);
    await visitor.leave();
  });
});

describe("freezes", () => {
  test("one is created, holds, and is lifted by two only", async () => {
    await api(world, "POST", "/projects", { key: "kiln", name: "Kiln" });
    await api(world, "POST", "/projects/kiln/environments", { key: "oven", name: "Oven", type: "development" });
    await api(world, "POST", "/projects/kiln/flags", { key: "fire", reason: "test" });
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/policies?tab=freezes");
    await page.getByRole("button", { name: "Create freeze" }).click();
    await page.getByRole("textbox", { name: "Key", exact: true }).fill("calm");
    await page.getByText("Say when").waitFor();
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Calm");
    await page.getByRole("combobox", { name: "Environments by key" }).fill("oven");
    await page.getByRole("combobox", { name: "Environments by key" }).press("Enter");
    await page.getByRole("combobox", { name: "Types of environment" }).press("Backspace");
    await page.getByRole("button", { name: "Add a span" }).click();
    const around = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
    await page.getByLabel("Span 1 from").fill(around(1));
    await page.getByLabel("Span 1 to").fill(around(-1));
    await page.getByText("Span 1 must end after it begins.").waitFor();
    await page.getByLabel("Span 1 from").fill(around(-2));
    await page.getByLabel("Span 1 to").fill(around(2));
    await page.getByRole("button", { name: "Create", exact: true }).click();
    const list = page.getByRole("list", { name: "Freezes" });
    await list.getByText("Calm").waitFor();
    await list.getByText("environment oven").waitFor();
    await page.getByRole("table", { name: /^Freezes in / }).getByText("Calm").first().waitFor();
    // What is riskier is refused there now, and said to be frozen.
    await expect(api(world, "POST", "/projects/kiln/flags/fire/environments/oven/enable", { reason: "Warm it" })).rejects.toThrow(/423.*calm/);

    await page.getByRole("button", { name: "What can be done to calm" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByText("Waits for approval").waitFor();
    await list.getByText("Calm").waitFor();
    await visitor.leave();
  });

  test("a recurring one says when it comes next", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/policies?tab=freezes");
    await page.getByRole("button", { name: "Create freeze" }).click();
    await page.getByRole("textbox", { name: "Key", exact: true }).fill("new-year");
    await page.getByRole("button", { name: "Add what comes again" }).click();
    const again = page.getByRole("group", { name: "What comes again 1" });
    await again.getByLabel("Every").selectOption("yearly");
    await again.getByLabel("Day", { exact: true }).selectOption("31");
    await again.getByLabel("For minutes").fill("1440");
    await again.getByText("every year on the 31st of December at 17:00 for 1 d").waitFor();
    await page.getByRole("button", { name: "Create", exact: true }).click();
    const item = page.getByRole("list", { name: "Freezes" }).getByRole("listitem").filter({ hasText: "new-year" });
    await item.getByText(/^next 31 Dec/).waitFor();
    await visitor.open(`/policies?tab=freezes&month=${new Date().getFullYear()}-12`);
    await page.getByRole("table", { name: /^Freezes in December/ }).getByText("new-year").first().waitFor();
    await visitor.leave();
  });
});

describe("checks", () => {
  test("one is defined by two, and is then in the register with what it demands", async () => {
    const visitor = await Visitor.logIn(browser, world, "admin");
    const { page } = visitor;
    await visitor.open("/policies?tab=checks");
    await page.getByRole("list", { name: "Checks" }).getByText("no source yet").first().waitFor();
    await page.getByRole("button", { name: "Define a check" }).click();
    await page.getByRole("textbox", { name: "Key", exact: true }).fill("wind-speed");
    await page.getByText("Name the secret that reports are signed with.").waitFor();
    await page.getByLabel("Name of the secret that signs").fill("ci");
    await page.getByRole("button", { name: "Add a bound" }).click();
    await page.getByRole("textbox", { name: "Number of bound 1" }).fill("knots");
    await page.getByRole("textbox", { name: "Limit of bound 1" }).fill("20");
    await page.getByRole("button", { name: "Define", exact: true }).click();
    await page.getByRole("link", { name: "Open the change request" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    const request = new URL(page.url()).pathname;
    await visitor.leave();

    const manager = await Visitor.logIn(browser, world, "manager");
    await manager.open(request);
    await manager.page.getByRole("button", { name: "Approve" }).click();
    await manager.page.getByText("applied", { exact: true }).first().waitFor();
    await manager.open("/policies?tab=checks");
    const item = manager.page.getByRole("list", { name: "Checks" }).getByRole("listitem").filter({ hasText: "wind-speed" });
    await item.getByText("Passes when: knots ≤ 20").waitFor();
    await item.getByText("A pipeline reports it").waitFor();
    await manager.leave();
  });
});
