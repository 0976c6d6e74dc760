import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { launch, NARROW, type Scheme, Visitor } from "./browser";
import { api, approve, as } from "./world";

const world = inject("world");
const pictures = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "docs", "screenshots");
// As with other snapshots: pictures are taken anew where that is wanted, so that a test run leaves the folder alone.
const takesPictures = process.env.HALYARD_REFRESH_SNAPSHOTS === "true";
const DEV = "SelfManagedHA.DevPreviewNoUpgrade";
const PRODUCTION = "SelfManagedHA.Default";

let browser: Browser;
let request = "";
let contested = "";
let done = "";

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
  await alarm();
  await contend();
  await evaluate();
}, 180_000);
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
  await api(world, "PUT", "/retention", { archiveAfterDays: 30, minimumDays: { "change_request.": 2555 }, reason: "As the law has it" });
  const { subject } = await api(await as(world, "manager"), "GET", "/me");
  await api(await as(world, "owner"), "POST", "/delegations", {
    to: subject,
    scope: { project: "openshift", environments: [PRODUCTION] },
    validTo: new Date(Date.now() + 14 * 24 * 60 * 60 * 1_000).toISOString(),
    reason: "On holiday",
  });
  await api(world, "POST", "/holds", { key: "case-2026-17", name: "Smith v. Example", from: 0, to: 100, reason: "Letter of counsel" });
}

const half = { rollout: { weights: [{ variant: "night", weight: 1 }, { variant: "weekend", weight: 1 }] } };
const rule = (id: string, channel: string, variant: string) => ({
  id,
  name: `On ${channel}`,
  conditions: [{ attribute: "channel", operator: "equals", values: [channel] }],
  serve: { variant },
});

/** One request that was applied, and one whose flag others changed meanwhile: some of the same, some else. */
async function contend() {
  const [dana, lee, olga] = [await as(world, "developer"), await as(world, "lead"), await as(world, "owner")];
  const ask = async (reason: string, operations: object[]) => {
    const { revision } = await api(world, "GET", "/projects/openshift/flags/UpgradeWindow");
    const answer = await api(dana, "POST", "/projects/openshift/changes", {
      reason,
      ticket: "OTA-1202",
      operations: operations.map((item) => ({ flag: "UpgradeWindow", baseRevision: revision, ...item })),
    });
    return (answer.changeRequest as { id: string }).id;
  };
  done = await ask("Clusters upgrade at night or at the weekend", [{ op: "setFallthrough", environment: PRODUCTION, serve: half }]);
  await approve(lee, done);
  await approve(olga, done);
  contested = await ask("Candidates upgrade whenever they like", [
    { op: "setFallthrough", environment: PRODUCTION, serve: { variant: "weekend" } },
    { op: "setFallthrough", environment: DEV, serve: { variant: "weekend" } },
    { op: "addRule", environment: DEV, rule: rule("r_1", "candidate", "never") },
  ]);
  const { revision } = await api(world, "GET", "/projects/openshift/flags/UpgradeWindow");
  await api(world, "POST", "/projects/openshift/changes", {
    reason: "The preview upgrades at once",
    operations: [
      { op: "setFallthrough", environment: DEV, serve: { variant: "never" } },
      { op: "addRule", environment: DEV, rule: rule("r_2", "fast", "night") },
    ].map((item) => ({ flag: "UpgradeWindow", baseRevision: revision, ...item })),
  });
  await approve(lee, contested);
  await approve(olga, contested);
}

/** Programs that ask for flags, so that there is something to count. */
async function evaluate() {
  for (const [environment, times] of [[DEV, 24], [PRODUCTION, 9]] as const) {
    const { secret } = await api(world, "POST", "/sdk-keys", { name: `programs of ${environment}`, project: "openshift", environment, reason: "test" });
    for (let user = 0; user < times; user++) {
      const response = await fetch(`${world.url}/ofrep/v1/evaluate/flags/${user % 3 === 0 ? "UpgradeWindow" : "InstallerRetries"}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" },
        body: JSON.stringify({ context: { targetingKey: `cluster-${user}` } }),
      });
      expect(response.status).toBe(200);
    }
  }
  await vi.waitFor(
    async () => expect((await api(world, "GET", `/projects/openshift/evaluations?environment=${DEV}`)).flags).toHaveLength(2),
    { timeout: 40_000, interval: 500 },
  );
}

const bypasses: Record<string, string> = {};

/** Emergencies in every state that waits for somebody, and one that is over; freezes and a check of one's own. */
async function alarm() {
  for (const key of ["quay", "buoy"]) await api(world, "POST", `/projects/harbour/flags/${key}/environments/dev/enable`, { reason: "Try it" });
  const [oncall, sre, lead, manager] = await Promise.all((["oncall", "sre", "lead", "manager"] as const).map((who) => as(world, who)));
  const begin = async (name: string, who: typeof world, incident: string, justification: string, operation: object, minutes?: number) => {
    const answer = await api(who, "POST", "/bypasses", { incident, severity: "SEV1", justification, operation: { project: "harbour", ...operation }, minutes });
    bypasses[name] = (answer.bypass as { id: string }).id;
  };
  await begin("over", oncall!, "INC-1", "The buoy drifts and ships follow it", { op: "setEnabled", flag: "buoy", environment: "dev", enabled: false });
  await api(lead!, "POST", `/bypasses/${bypasses.over}/ratify`, { comment: "There was nothing else to do" });
  await api(manager!, "POST", `/bypasses/${bypasses.over}/review`, {
    findings: "The chain had rusted through. Nobody looked at it since it was laid.",
    actionItems: [{ text: "Look at every chain once a year", ticket: "HARB-12" }, { text: "Say who does that" }],
  });
  await begin("waiting", sre!, "INC-2", "The quay floods at high water", { op: "setEnabled", flag: "quay", environment: "dev", enabled: false });
  await begin("applied", oncall!, "INC-1", "The other pier burns: ships must land somewhere", { op: "setEnabled", flag: "pier", environment: "production", enabled: true }, 240);

  const scope = { projects: ["empty"], environmentTypes: ["production"] };
  const day = 24 * 60 * 60 * 1_000;
  const from = Math.floor(Date.now() / day) * day;
  const at = (days: number) => new Date(from + days * day).toISOString();
  await api(world, "POST", "/freezes", { key: "stocktaking", name: "Stocktaking", scope, intervals: [{ from: at(-1), to: at(3) }], reason: "Nothing may move" });
  await api(world, "POST", "/freezes", {
    key: "weekend",
    name: "Weekend",
    zone: "Europe/Berlin",
    scope,
    recurring: [{ every: "weekly", days: ["friday"], at: "17:00", minutes: 3_780 }],
    reason: "Nobody is here",
  });
}

const flag = "/projects/openshift/flags/InstallerRetries";

async function picture(visitor: Visitor, name: string) {
  if (takesPictures) await visitor.page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Every page, and what to do on it before it is looked at. */
const PAGES: { name: string; path: () => string; who?: "oncall"; prepare?: (visitor: Visitor) => Promise<void> }[] = [
  {
    name: "home",
    path: () => "/projects/openshift/flags",
    // The project last looked at is the one that it tells of.
    prepare: async (visitor) => visitor.open("/"),
  },
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
  {
    name: "flag-usage",
    path: () => `${flag}?tab=served&env=${DEV}`,
    prepare: async ({ page }) => page.getByText("The numbers").click(),
  },
  { name: "flag-usage-none", path: () => `/projects/openshift/flags/GatewayAPI?tab=served` },
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
  {
    name: "flag-scheduled",
    path: () => `/projects/openshift/flags/GatewayAPI?env=${DEV}`,
    prepare: async ({ page }) => {
      await page.getByRole("switch", { name: /^(On|Off): / }).first().click();
      await page.getByRole("button", { name: "Review and save" }).click();
      await page.getByText("none needed").waitFor();
      await page.getByText("At a time", { exact: true }).click();
      await page.getByText("Say from when on.").scrollIntoViewIfNeeded();
    },
  },
  { name: "requests", path: () => "/requests" },
  { name: "request", path: () => `/requests/${request}` },
  {
    name: "request-conflict",
    path: () => `/requests/${contested}`,
    prepare: async ({ page }) => page.getByText("One thing was changed by others").waitFor(),
  },
  {
    name: "request-applied",
    path: () => `/requests/${done}`,
    prepare: async ({ page }) => page.getByRole("heading", { name: "What came of it" }).waitFor(),
  },
  { name: "audit", path: () => "/audit" },
  {
    name: "audit-live",
    path: () => "/audit?live=true&imported=false",
    prepare: async ({ page }) => page.getByText("New entries appear at the top as they are written.").waitFor(),
  },
  {
    name: "audit-entry",
    path: () => "/audit/251",
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "Check that it is in the log" }).click();
      await page.getByText("Verified", { exact: true }).waitFor();
      await page.getByText("halyard.localhost signed it").waitFor();
    },
  },
  {
    name: "audit-filters",
    path: () => "/audit?kind=flag&actorKind=user",
    prepare: async ({ page }) => page.getByLabel("Of what kind").waitFor(),
  },
  {
    name: "own-password",
    path: () => "/requests",
    prepare: async ({ page }) => {
      const menu = page.getByRole("button", { name: "Open the navigation" });
      if (await menu.isVisible()) await menu.click();
      await page.getByRole("button", { name: /Administrator/ }).last().click();
      await page.getByRole("menuitem", { name: "Change your password" }).click();
      await page.getByRole("textbox", { name: "New password" }).fill("short");
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
  { name: "promotion", path: () => "/projects/openshift/promotion" },
  {
    name: "promotion-closed",
    path: () => "/projects/openshift/promotion?from=SelfManagedHA.TechPreviewNoUpgrade&to=SelfManagedHA.Default",
    prepare: async ({ page }) => page.getByText("gate closed").first().waitFor(),
  },
  {
    name: "promote",
    path: () => `/projects/openshift/promotion?from=${DEV}&to=SelfManagedHA.TechPreviewNoUpgrade&q=InstallerRetries`,
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "Promote InstallerRetries" }).click();
      await page.getByText("The gate is open").waitFor();
      await page.getByText("must be approved").waitFor();
    },
  },
  {
    name: "flags-chosen",
    path: () => "/projects/openshift/flags?q=gateway",
    prepare: async ({ page }) => {
      await page.getByRole("checkbox", { name: "Choose all that are shown" }).check();
      await page.getByRole("region", { name: "Chosen flags" }).waitFor();
    },
  },
  {
    name: "flags-bulk",
    path: () => "/projects/openshift/flags?q=gateway",
    prepare: async ({ page }) => {
      await page.getByRole("checkbox", { name: "Choose all that are shown" }).check();
      await page.getByRole("button", { name: "Change" }).click();
      await page.getByRole("menuitem", { name: "Add tags" }).click();
      await page.getByRole("combobox", { name: "Tags" }).fill("network");
      await page.keyboard.press("Enter");
      await page.getByRole("list", { name: "One by one" }).getByRole("button").first().click();
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
  {
    name: "settings-policy",
    path: () => "/settings?tab=policy",
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "Try it on what was decided" }).click();
      await page.getByText("Nothing else than was decided.").or(page.getByText("newly allowed", { exact: true })).first().waitFor();
    },
  },
  {
    name: "settings-policy-broken",
    path: () => "/settings?tab=policy",
    prepare: async ({ page }) => {
      await page.getByRole("textbox", { name: "Policy halyard.rego" }).press("Control+End");
      await page.keyboard.type("allowed if {\n");
      await page.getByRole("button", { name: "Try it on what was decided" }).click();
      await page.getByText("It cannot be used like this").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "settings-policy-inputs",
    path: () => "/settings?tab=policy",
    prepare: async ({ page }) => {
      await page.getByRole("tab", { name: "Test inputs" }).click();
      await page.getByRole("button", { name: "Ask", exact: true }).click();
      await page.getByText("as expected").scrollIntoViewIfNeeded();
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
  {
    name: "settings-erase",
    path: () => "/settings?tab=retention",
    prepare: async ({ page }) => page.getByRole("button", { name: "Erase a person" }).click(),
  },
  { name: "settings-log-in", path: () => "/settings?tab=log-in" },
  { name: "compliance-ask", path: () => "/projects/openshift/compliance" },
  {
    name: "compliance",
    path: () => `/projects/openshift/compliance?flag=GatewayAPI&env=${DEV}`,
    prepare: async ({ page }) => page.getByText("Period by period").waitFor(),
  },
  {
    name: "compliance-segment",
    path: () => `/projects/openshift/compliance?flag=InstallerRetries&env=${DEV}&segment=beta-clusters`,
    prepare: async ({ page }) => page.getByText("Period by period").waitFor(),
  },
  { name: "emergency", path: () => "/emergency" },
  { name: "emergency-none", path: () => "/emergency?view=overdue" },
  { name: "bypass", path: () => `/emergency/${bypasses.applied}` },
  { name: "bypass-waiting", path: () => `/emergency/${bypasses.waiting}` },
  { name: "bypass-reviewed", path: () => `/emergency/${bypasses.over}` },
  {
    name: "bypass-begin",
    who: "oncall",
    path: () => "/projects/harbour/flags/pier?env=production&emergency=true",
    prepare: async ({ page }) => {
      await page.getByLabel("Incident").fill("INC-1");
      await page.getByLabel("Why it cannot wait").fill("It burns again");
      await page.getByText("takes effect at once", { exact: true }).waitFor();
    },
  },
  { name: "policies", path: () => "/policies?policy=openshift/two-people" },
  {
    name: "policies-edited",
    path: () => "/policies?policy=openshift/two-people",
    prepare: async ({ page }) => {
      await page.getByRole("textbox", { name: "Text of the policy" }).getByText("operator: equals").click();
      await page.keyboard.press("End");
      await page.keyboard.type("Sometimes");
      await page.getByText("It does not load").waitFor();
      // Its cursor would blink for ever, and the picture wait for it.
      await page.getByRole("textbox", { name: "Text of the policy" }).blur();
    },
  },
  {
    name: "policies-simulated",
    path: () => "/policies?policy=openshift/two-people",
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "Simulate" }).click();
      await page.getByText("Changes looked at").waitFor();
      await page.getByRole("region", { name: "Simulation" }).evaluate((section) => section.scrollIntoView());
    },
  },
  {
    name: "policies-review",
    path: () => "/policies?policy=openshift/two-people",
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "Remove" }).click();
      await page.getByRole("button", { name: "Review and put in force" }).click();
      await page.getByText("must be approved").waitFor();
    },
  },
  { name: "freezes", path: () => "/policies?tab=freezes" },
  {
    name: "freeze-create",
    path: () => "/policies?tab=freezes",
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "Create freeze" }).click();
      await page.getByRole("button", { name: "Add what comes again" }).click();
    },
  },
  { name: "delegations", path: () => "/policies?tab=delegations" },
  {
    name: "delegation-give",
    path: () => "/policies?tab=delegations",
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "Let somebody approve for me" }).click();
      await page.getByLabel("For", { exact: true }).selectOption("openshift");
    },
  },
  { name: "checks", path: () => "/policies?tab=checks" },
  {
    name: "check-define",
    path: () => "/policies?tab=checks",
    prepare: async ({ page }) => {
      await page.getByRole("button", { name: "Define a check" }).click();
      await page.getByLabel("Where its evidence comes from").selectOption("prometheus");
      await page.getByRole("button", { name: "Add a number" }).click();
      await page.getByRole("button", { name: "Add a bound" }).click();
    },
  },
];

describe.each<Scheme>(["light", "dark"])("in %s", (scheme) => {
  // The narrow one in light alone: what is dark about it, the wide one has too.
  const people = { admin: new Map<string, Visitor>(), oncall: new Map<string, Visitor>() };
  beforeAll(async () => {
    for (const [who, visitors] of Object.entries(people) as [keyof typeof people, Map<string, Visitor>][]) {
      visitors.set("", await Visitor.logIn(browser, world, who, scheme));
      if (scheme === "light") visitors.set("-narrow", await Visitor.logIn(browser, world, who, scheme, NARROW));
    }
  });
  afterAll(async () => {
    for (const visitors of Object.values(people)) {
      for (const visitor of visitors.values()) await visitor.leave();
    }
  });

  test("the log-in page is accessible", async () => {
    const visitor = await Visitor.arrive(browser, world, scheme);
    await visitor.open("/login");
    await picture(visitor, `login-${scheme}`);
    await visitor.expectAccessible();
    await visitor.leave();
  });

  test.each(PAGES)("$name is accessible and fits its window", async ({ name, path, who = "admin", prepare }) => {
    for (const [suffix, visitor] of people[who as keyof typeof people]) {
      await visitor.open(path());
      await prepare?.(visitor);
      await visitor.settle();
      // What slides in stands still before it is measured.
      await visitor.page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));
      await picture(visitor, `${name}${suffix}-${scheme}`);
      await visitor.expectNoSidewaysScroll();
      await visitor.expectAccessible();
      await visitor.expectLabelsInNames();
      expect(visitor.complaints).toEqual([]);
    }
  });
});
