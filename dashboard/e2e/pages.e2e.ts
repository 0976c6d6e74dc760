import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launch, NARROW, type Scheme, Visitor } from "./browser";
import { api, as } from "./world";

const world = inject("world");
const pictures = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "docs", "screenshots");
// As with other snapshots: pictures are taken anew where that is wanted, so that a test run leaves the folder alone.
const takesPictures = process.env.HALYARD_REFRESH_SNAPSHOTS === "true";
const DEV = "SelfManagedHA.DevPreviewNoUpgrade";

let browser: Browser;
let request = "";

beforeAll(async () => {
  if (takesPictures) mkdirSync(pictures, { recursive: true });
  browser = await launch();
  const dana = await as(world, "developer");
  const made = await api(dana, "POST", "/projects/openshift/flags/InstallerRetries/environments/SelfManagedHA.Default/enable", {
    reason: "OCPBUGS-4711: the installer gives up too early",
    ticket: "OCPBUGS-4711",
  });
  request = (made.changeRequest as { id: string }).id;
  await furnish();
});
afterAll(() => browser.close());

/** What the settings show, of each kind at least one; a project in which nothing is yet. */
async function furnish() {
  await api(world, "POST", "/projects", { key: "empty", name: "Nothing yet" });
  await api(world, "POST", "/projects/empty/environments", { key: "dev", name: "Development", type: "development" });
  await api(world, "POST", "/sdk-keys", { name: "installer service", project: "openshift", environment: DEV });
  await api(world, "POST", "/sdk-keys", { name: "console page", project: "openshift", environment: DEV, clientSide: true, expiresAt: "2099-01-01T00:00:00Z" });
  await api(await as(world, "admin"), "POST", "/service-accounts", { name: "deploy bot", description: "Rolls out what was released" });
  await api(world, "POST", "/roles", {
    key: "checkout-team",
    name: "Checkout team",
    description: "All of the shop but payments",
    grants: [
      { effect: "allow", actions: ["flag.*", "segment.*"], resource: { projects: ["openshift"], environmentTypes: ["none", "development", "staging"] } },
      { effect: "allow", actions: ["flag.*"], resource: { projects: ["openshift"], environmentTypes: ["production"] }, when: { ticket: true } },
      { effect: "deny", actions: ["flag.*"], resource: { tags: ["payments"] } },
    ],
  });
  await api(world, "POST", "/assignments", { group: "web-team", role: "checkout-team", scope: { projects: ["openshift"] }, notAfter: "2099-01-01T00:00:00Z" });
  await api(world, "POST", "/tokens", { name: "deploy pipeline", roles: ["developer"], expiresAt: "2099-01-01T00:00:00Z" });
  await api(world, "POST", "/sinks", { key: "archive", kind: "file", target: "audit.jsonl" });
  await api(world, "POST", "/sinks", { key: "on-call", kind: "slack", targetSecret: "slack-address", filter: { classes: ["production-change"] } });
  await api(world, "PUT", "/retention", { archiveAfterDays: 30, minimumDays: { "approval.": 2555 }, reason: "As the law has it" });
  await api(world, "POST", "/holds", { key: "case-2026-17", name: "Smith v. Example", from: 0, to: 100, reason: "Letter of counsel" });
}

const flag = "/projects/openshift/flags/InstallerRetries";

async function picture(visitor: Visitor, name: string) {
  if (takesPictures) await visitor.page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Every page, and what to do on it before it is looked at. */
const PAGES: { name: string; path: () => string; prepare?: (visitor: Visitor) => Promise<void> }[] = [
  { name: "home", path: () => "/" },
  { name: "flags", path: () => "/projects/openshift/flags" },
  { name: "flags-none", path: () => "/projects/openshift/flags?q=nothing-is-called-so" },
  { name: "flag-create", path: () => "/projects/openshift/flags?create=true" },
  { name: "flag-targeting", path: () => `${flag}?env=${DEV}` },
  { name: "flag-variants", path: () => `${flag}?tab=variants` },
  {
    name: "flag-evaluate",
    path: () => `${flag}?tab=evaluate&env=${DEV}`,
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "What do they get?" }).click();
      await page.getByText("Step by step").waitFor();
    },
  },
  {
    name: "flag-history",
    path: () => "/projects/openshift/flags/GatewayAPI?tab=history",
    prepare: async ({ page }) => page.getByRole("button", { name: "Difference" }).first().click(),
  },
  { name: "flag-json", path: () => `${flag}?tab=json` },
  { name: "flag-at", path: () => "/projects/openshift/flags/GatewayAPI?at=2024-12-01T00:00:00.000Z" },
  {
    name: "flag-review",
    path: () => `${flag}?env=SelfManagedHA.Default`,
    prepare: async ({ page }) => {
      await page.getByRole("switch", { name: "Off: everyone gets the off variant" }).click();
      await page.getByRole("button", { name: "Review and save" }).click();
      await page.getByText("must be approved").waitFor();
    },
  },
  { name: "requests", path: () => "/requests" },
  { name: "request", path: () => `/requests/${request}` },
  { name: "audit", path: () => "/audit" },
  {
    name: "audit-entry",
    path: () => "/audit/251",
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "Check that it is in the log" }).click();
      await page.getByText("Verified", { exact: true }).waitFor();
      await page.getByText("halyard.localhost signed it").waitFor();
    },
  },
  { name: "not-found", path: () => "/no/such/page" },
  { name: "segments", path: () => "/projects/openshift/segments" },
  { name: "segments-none", path: () => "/projects/empty/segments" },
  { name: "segment", path: () => "/projects/openshift/segments/beta-clusters" },
  { name: "segment-uses", path: () => "/projects/openshift/segments/beta-clusters?tab=uses" },
  { name: "segment-history", path: () => "/projects/openshift/segments/beta-clusters?tab=history" },
  {
    name: "segment-review",
    path: () => "/projects/openshift/segments/beta-clusters",
    prepare: async ({ page }) => {
      await page.getByLabel("Never in").fill("cluster-13");
      await page.getByRole("button", { name: "Review and save" }).click();
      await page.getByText("It takes effect as soon as you apply it.").waitFor();
    },
  },
  { name: "environments", path: () => `/projects/openshift/environments?env=${DEV}` },
  { name: "environment-create", path: () => "/projects/openshift/environments?create=true" },
  {
    name: "sdk-key-made",
    path: () => "/projects/empty/environments",
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "Create SDK key" }).click();
      await page.getByLabel("Name").fill("checkout service");
      await page.getByRole("button", { name: "Create", exact: true }).click();
      await page.getByText("Shown this once").waitFor();
    },
  },
  { name: "settings-users", path: () => "/settings" },
  {
    name: "settings-user-create",
    path: () => "/settings",
    prepare: async ({ page }) => page.getByRole("button", { name: "Create user" }).click(),
  },
  { name: "settings-service-accounts", path: () => "/settings?tab=service-accounts" },
  { name: "settings-assignments", path: () => "/settings?tab=assignments" },
  {
    name: "settings-assign",
    path: () => "/settings?tab=assignments",
    prepare: async ({ page }) => page.getByRole("button", { name: "Assign a role" }).click(),
  },
  {
    name: "settings-roles",
    path: () => "/settings?tab=roles",
    prepare: async ({ page }) => page.getByRole("button", { name: /^checkout-team:/ }).click(),
  },
  {
    name: "settings-role-edit",
    path: () => "/settings?tab=roles",
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "What can be done to checkout-team" }).click();
      await page.getByRole("menuitem", { name: "Edit" }).click();
    },
  },
  { name: "settings-tokens", path: () => "/settings?tab=tokens" },
  { name: "settings-sinks", path: () => "/settings?tab=sinks" },
  {
    name: "settings-sink-create",
    path: () => "/settings?tab=sinks",
    prepare: async ({ page }) => page.getByRole("button", { name: "Create sink" }).click(),
  },
  { name: "settings-retention", path: () => "/settings?tab=retention" },
  { name: "settings-log-in", path: () => "/settings?tab=log-in" },
  { name: "compliance-ask", path: () => "/projects/openshift/compliance" },
  {
    name: "compliance",
    path: () => `/projects/openshift/compliance?flag=GatewayAPI&env=${DEV}`,
    prepare: async ({ page }) => page.getByText("Period by period").waitFor(),
  },
];

describe.each<Scheme>(["light", "dark"])("in %s", (scheme) => {
  // The narrow one in light alone: what is dark about it, the wide one has too.
  const visitors = new Map<string, Visitor>();
  beforeAll(async () => {
    visitors.set("", await Visitor.logIn(browser, world, "admin", scheme));
    if (scheme === "light") visitors.set("-narrow", await Visitor.logIn(browser, world, "admin", scheme, NARROW));
  });
  afterAll(async () => {
    for (const visitor of visitors.values()) await visitor.leave();
  });

  test("the log-in page is accessible", async () => {
    const visitor = await Visitor.arrive(browser, world, scheme);
    await visitor.open("/login");
    await picture(visitor, `login-${scheme}`);
    await visitor.expectAccessible();
    await visitor.leave();
  });

  test.each(PAGES)("$name is accessible and fits its window", async ({ name, path, prepare }) => {
    for (const [suffix, visitor] of visitors) {
      await visitor.open(path());
      await prepare?.(visitor);
      await visitor.settle();
      // What slides in stands still before it is measured.
      await visitor.page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));
      await picture(visitor, `${name}${suffix}-${scheme}`);
      await visitor.expectNoSidewaysScroll();
      await visitor.expectAccessible();
      expect(visitor.complaints).toEqual([]);
    }
  });
});
