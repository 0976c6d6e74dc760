import { existsSync, mkdirSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterEach, expect } from "vitest";
import { PEOPLE, type World } from "./world";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const WIDE = { width: 1280, height: 860 };
export const NARROW = { width: 390, height: 844 };

export type Scheme = "light" | "dark";
export type Who = keyof typeof PEOPLE;

export const launch = (): Promise<Browser> => {
  const executablePath = process.env.CHROMIUM ?? PLACES.find(existsSync);
  if (!executablePath) throw new Error("Chromium is needed: eng/install-test-needs.sh installs it");
  return chromium.launch({ executablePath, args: ARGUMENTS });
};

const PATIENCE = 20_000;
const present = new Set<Visitor>();

/** Where a test failed, what was on the screen tells more than what was waited for. */
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  mkdirSync("e2e/failures", { recursive: true });
  let number = 0;
  for (const visitor of present) {
    const name = task.name.replace(/\W+/g, "-").slice(0, 60);
    await visitor.page.screenshot({ path: `e2e/failures/${name}-${number++}.png` }).catch(() => {});
  }
});

/** A page whose every complaint fails the test: errors of scripts, and what the server's policy kept out. */
export class Visitor {
  readonly complaints: string[] = [];

  private constructor(
    readonly world: World,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      // An answer of 401 or 403 is told by the browser itself, and expected where it comes.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) this.complaints.push(message.text());
    });
  }

  static async arrive(browser: Browser, world: World, scheme: Scheme = "light", viewport = WIDE): Promise<Visitor> {
    const context = await browser.newContext({ viewport, colorScheme: scheme, locale: "en-GB", timezoneId: "Europe/Berlin" });
    context.setDefaultTimeout(PATIENCE);
    const visitor = new Visitor(world, context, await context.newPage());
    present.add(visitor);
    return visitor;
  }

  /** Somebody who has logged in by password, as people do. */
  static async logIn(browser: Browser, world: World, who: Who, scheme: Scheme = "light", viewport = WIDE): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, world, scheme, viewport);
    await visitor.open("/login");
    await visitor.page.getByLabel("E-mail address").fill(PEOPLE[who].email);
    await visitor.page.getByRole("textbox", { name: "Password" }).fill(world.password);
    await visitor.page.getByRole("button", { name: "Log in" }).click();
    await visitor.page.locator("#content").waitFor();
    return visitor;
  }

  async open(path: string) {
    await this.page.goto(this.world.url + path);
    await this.settle();
  }

  /** Waits until nothing is on its way any more. */
  async settle() {
    await this.page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
    await this.page.waitForLoadState("networkidle");
  }

  /** What makes the page hard to use for somebody, by WCAG 2.2 AA; none of it may be serious. */
  async expectAccessible() {
    const found = await new AxeBuilder({ page: this.page })
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze();
    const serious = found.violations.filter((item) => item.impact === "serious" || item.impact === "critical");
    expect(serious.map((item) => `${item.id}: ${item.nodes.map((node) => node.html).join("\n  ")}`)).toEqual([]);
  }

  /** That who says the words of a label means its field: its name has them in it (WCAG 2.5.3), which axe does not look at. */
  async expectLabelsInNames() {
    const others = await this.page.evaluate(() =>
      [...document.querySelectorAll<HTMLInputElement>("input[aria-label], select[aria-label], textarea[aria-label]")].flatMap((field) => {
        const name = field.getAttribute("aria-label")!.toLowerCase();
        const label = [...(field.labels ?? [])].map((item) => item.textContent?.replace("*", "").trim().toLowerCase() ?? "").find((words) => words && !name.includes(words));
        return label ? [`${label}: ${name}`] : [];
      }),
    );
    expect(others, this.page.url()).toEqual([]);
  }

  /** That the page scrolls up and down alone. */
  async expectNoSidewaysScroll() {
    const [inner, all] = await this.page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
    expect(all, `${this.page.url()} is wider than the window`).toBeLessThanOrEqual(inner!);
  }

  async leave() {
    present.delete(this);
    await this.context.close();
    expect(this.complaints).toEqual([]);
  }
}
