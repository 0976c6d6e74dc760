import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launch, Visitor } from "./browser";
import { api, approve, as } from "./world";

const world = inject("world");
const PRODUCTION = "SelfManagedHA.Default";
const HOUR = 3_600_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  await api(world, "POST", "/projects", { key: "reef", name: "Reef" });
  for (const key of ["lab", "open-sea"]) await api(world, "POST", "/projects/reef/environments", { key, name: key, type: "development" });
  for (const key of ["ebb", "flood"]) await api(world, "POST", "/projects/reef/flags", { key, reason: "test" });
  await api(world, "POST", "/users", { email: "fay@example.com", name: "Fay Freeze", roles: ["freeze-approver"], password: world.password });
});
afterAll(() => browser.close());

/** A time as the picker of a browser in Berlin takes it. */
const inBerlin = (time: number) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin", dateStyle: "short", timeStyle: "short" }).format(time).replace(" ", "T");

/** Asks for something in production that others must approve: one cluster is pinned. */
async function ask(reason: string, targetingKey: string): Promise<string> {
  const { revision } = await api(world, "GET", "/projects/openshift/flags/AWSDedicatedHosts");
  const override = { id: `o_${targetingKey}`, targetingKey, variant: "on" };
  const { changeRequest } = await api(await as(world, "developer"), "POST", "/projects/openshift/changes", {
    reason,
    operations: [{ op: "addOverride", flag: "AWSDedicatedHosts", environment: PRODUCTION, baseRevision: revision, override }],
  });
  return (changeRequest as { id: string }).id;
}

describe("a change", () => {
  test("at a time waits as a request, which says when", async () => {
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open("/projects/reef/flags/ebb?env=open-sea");
    await page.getByRole("switch", { name: /^Off: everyone/ }).click();
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByText("none needed").waitFor();
    await page.getByText("At a time", { exact: true }).click();
    await page.getByText("Say from when on.").waitFor();
    expect(await page.getByRole("button", { name: "Apply now" }).isDisabled()).toBe(true);
    const begin = Math.ceil(Date.now() / HOUR) * HOUR + HOUR;
    await page.getByLabel("Not before").fill(inBerlin(begin));
    await page.getByLabel("Not after").fill(inBerlin(begin - HOUR));
    await page.getByText("It must end after it begins.").waitFor();
    await page.getByLabel("Not after").fill(inBerlin(begin + HOUR));
    await page.getByLabel("Why").fill("When the tide turns");
    await page.getByRole("button", { name: "Schedule it" }).click();
    await page.getByText("Scheduled", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Open the change request" }).click();
    await page.getByRole("heading", { name: "When the tide turns" }).waitFor();
    await page.getByText("scheduled", { exact: true }).first().waitFor();
    await page.getByRole("region", { name: "When" }).getByText("Europe/Berlin").waitFor();
    const request = await api(world, "GET", `/change-requests/${new URL(page.url()).pathname.split("/").at(-1)}`);
    const { notBefore, notAfter } = request.schedule as { notBefore: string; notAfter: string };
    expect([Date.parse(notBefore), Date.parse(notAfter)]).toEqual([begin, begin + HOUR]);
    await visitor.leave();
  });

  test("that a freeze holds up is refused, or asks for an exception", async () => {
    await api(world, "POST", "/freezes", {
      key: "slack-water",
      name: "Slack water",
      scope: { projects: ["reef"], environments: ["lab"] },
      intervals: [{ from: new Date(Date.now() - HOUR).toISOString(), to: new Date(Date.now() + 24 * HOUR).toISOString() }],
      approvers: 1,
      reason: "Nothing moves",
    });
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open("/projects/reef/flags/flood?env=lab");
    await page.getByRole("switch", { name: /^Off: everyone/ }).click();
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByText("You may not make this change").waitFor();
    await page.getByRole("checkbox", { name: "Ask for an exception to the freeze" }).check();
    await page.getByText("must be approved").waitFor();
    await page.getByLabel("Why").fill("A ship is stranded");
    await page.getByRole("button", { name: "Ask for approval" }).click();
    await page.getByRole("link", { name: "Open the change request" }).click();
    await page.getByRole("region", { name: "When" }).getByText("It asks for an exception to freezes.").waitFor();
    await visitor.leave();
  });
});

describe("a delegation", () => {
  test("is given by who is away, voted by, named in the log of what was said, and withdrawn", async () => {
    const mia = await as(world, "manager");
    const { subject } = await api(mia, "GET", "/me");
    const validTo = new Date(Date.now() + 48 * HOUR).toISOString();
    const scope = { project: "openshift", environments: [PRODUCTION] };
    await api(await as(world, "owner"), "POST", "/delegations", { to: subject, scope, validTo, reason: "Another one, which stays" });
    const olga = await Visitor.logIn(browser, world, "owner");
    await olga.open("/policies?tab=delegations");
    await olga.page.getByRole("button", { name: "Let somebody approve for me" }).click();
    await olga.page.getByLabel("Who").fill(String(subject));
    await olga.page.getByLabel("For", { exact: true }).selectOption("openshift");
    await olga.page.getByLabel("Until").fill(inBerlin(Date.now() + 24 * HOUR));
    await olga.page.getByRole("button", { name: "Give it" }).click();
    const given = olga.page.getByRole("list", { name: "Delegations" }).getByRole("listitem").filter({ hasNotText: " of openshift" });
    await given.getByText("holds", { exact: true }).waitFor();

    const id = await ask("While she is away", "cluster-8");
    await approve(await as(world, "lead"), id);
    const manager = await Visitor.logIn(browser, world, "manager");
    await manager.open(`/requests/${id}`);
    await manager.page.getByRole("button", { name: /^Approve for / }).click();
    await manager.page.getByText("applied", { exact: true }).first().waitFor();
    await manager.page.getByText(/approved for /).waitFor();
    await manager.leave();

    await given.getByRole("button", { name: /^What can be done to/ }).click();
    await olga.page.getByRole("menuitem", { name: "Withdraw" }).click();
    await olga.page.getByRole("button", { name: "Withdraw" }).click();
    await given.waitFor({ state: "detached" });
    await olga.leave();
  });
});

describe("what is said about a request", () => {
  test("stands there at once, and is in the field again where it did not arrive", async () => {
    const id = await ask("To be talked about", "cluster-9");
    const visitor = await Visitor.logIn(browser, world, "lead");
    const { page } = visitor;
    await visitor.open(`/requests/${id}`);
    const field = page.getByRole("textbox", { name: "Comment", exact: true }).first();
    const comments = page.getByRole("listitem");
    await page.route("**/comment", (route) => route.abort());
    await field.fill("Is that all of them?");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await page.getByText("The server cannot be reached").waitFor();
    expect(await field.inputValue()).toBe("Is that all of them?");
    expect(await comments.filter({ hasText: "Is that all" }).count()).toBe(0);

    let arrive = () => {};
    const held = new Promise<void>((resolve) => (arrive = resolve));
    await page.unroute("**/comment");
    await page.route("**/comment", async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await comments.filter({ hasText: "Is that all" }).getByText("sending…").waitFor();
    arrive();
    await comments.filter({ hasText: "Is that all" }).getByText("just now").waitFor();
    await visitor.leave();
  });
});
