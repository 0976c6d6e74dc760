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
});
afterAll(() => browser.close());

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
