import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launch, Visitor } from "./browser";
import { api } from "./world";

const world = inject("world");

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  await api(world, "POST", "/projects", { key: "forge", name: "Forge" });
  await api(world, "POST", "/projects/forge/environments", { key: "dev", name: "Development", type: "development" });
  await api(world, "POST", "/projects/forge/segments", { key: "smiths" });
  for (const key of ["anvil", "bellows", "chisel"]) await api(world, "POST", "/projects/forge/flags", { key, reason: "test" });
});
afterAll(() => browser.close());

type Served = { variant?: string; rollout?: { weights: { variant: string; weight: number }[] } };
type Rule = { name: string; conditions: { attribute?: string; operator: string; values: unknown[]; negate?: boolean }[]; serve: Served };
type Configuration = {
  enabled: boolean;
  rules: Rule[];
  fallthrough: Served;
  overrides: { targetingKey: string; variant: string }[];
  prerequisites: { flag: string; variants: string[] }[];
};

async function dev(flag: string): Promise<Configuration> {
  const { environments } = (await api(world, "GET", `/projects/forge/flags/${flag}`)) as { environments: Record<string, Configuration> };
  return environments.dev!;
}

async function save(page: Page) {
  await page.getByRole("button", { name: "Review and save" }).click();
  await page.getByRole("button", { name: "Apply now" }).click();
  await page.getByText("Applied", { exact: true }).first().waitFor();
}

/** One condition for each kind of thing that operators compare with: what is typed wrong first, what is said of it, and what is right. */
const CONDITIONS: [attribute: string, words: string, values: string[], wrong?: [value: string, told: string]][] = [
  ["country", "is any of", ["de", "5"]],
  ["email", "ends with", ["@example.com"]],
  ["age", "is greater than", ["17"], ["old", "Takes numbers."]],
  ["score", "is between", ["1", "9"], ["high", "Takes two numbers"]],
  ["version", "is compatible with (^)", ["2.1.0"], ["two", "Takes versions such as"]],
  ["joined", "is before", ["2026-01-31T09:30:00Z"], ["soon", "Takes times such as"]],
  ["address", "is an address in", ["10.0.0.0/8"], ["home", "Takes addresses or blocks"]],
  ["name", "matches the pattern", ["^smith-\\d+$"], ["(", "no regular expression"]],
  ["plan", "exists", []],
  ["", "is in segment", ["smiths"]],
];

describe("a flag", () => {
  test("gets a rule of every kind of condition, each looked at while it is typed", async () => {
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open("/projects/forge/flags/anvil?env=dev");
    await page.getByRole("button", { name: "Add a rule" }).click();
    const rule = page.getByRole("group", { name: "Rule 1" });
    await rule.getByLabel("Name of rule 1").fill("Everything at once");
    for (const [index, [attribute, words, values, wrong]] of CONDITIONS.entries()) {
      if (index > 0) await rule.getByRole("button", { name: "Add a condition" }).click();
      const at = <T extends "textbox" | "combobox">(role: T, name: string) => rule.getByRole(role, { name, exact: true }).nth(index);
      if (attribute) await at("textbox", "Attribute").fill(attribute);
      await at("combobox", "Operator").click();
      await page.getByRole("option", { name: words, exact: true }).click();
      const field = rule.getByRole("combobox", { name: "Values", exact: true }).last();
      if (wrong) {
        await field.fill(wrong[0]);
        await field.press("Enter");
        await rule.getByText(wrong[1]).waitFor();
        await field.press("Backspace");
      }
      for (const value of values) {
        await field.fill(value);
        await field.press("Enter");
      }
    }
    await rule.getByRole("button", { name: "not", exact: true }).first().click();
    await save(page);
    const [made] = (await dev("anvil")).rules;
    expect(made!.conditions.map(({ attribute, operator, values, negate }) => [attribute ?? "", operator, values, negate ?? false])).toEqual([
      ["country", "equals", ["de", 5], true],
      ["email", "endsWith", ["@example.com"], false],
      ["age", "greaterThan", [17], false],
      ["score", "between", [1, 9], false],
      ["version", "semverCaret", ["2.1.0"], false],
      ["joined", "before", ["2026-01-31T09:30:00Z"], false],
      ["address", "cidr", ["10.0.0.0/8"], false],
      ["name", "matches", ["^smith-\\d+$"], false],
      ["plan", "exists", [], false],
      ["", "segment", ["smiths"], false],
    ]);
    await visitor.leave();
  });

  test("is split with the slider, pinned for somebody and made to need another, in one change", async () => {
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open("/projects/forge/flags/bellows?env=dev");
    const otherwise = page.getByRole("region", { name: "Otherwise" });
    await otherwise.getByText("Split by percent").click();
    const slider = otherwise.getByRole("slider", { name: "Percent of on" });
    await slider.focus();
    await slider.press("Home");
    for (let step = 0; step < 7; step++) await slider.press("ArrowRight");
    await otherwise.getByRole("button", { name: /^Give the rest to/ }).click();
    await page.getByRole("button", { name: "Pin somebody" }).click();
    await page.getByRole("textbox", { name: "Who is overridden" }).fill("smith-7");
    await page.getByRole("button", { name: "Need another flag" }).click();
    await page.getByRole("combobox", { name: "Flag that is needed" }).fill("anvil");
    await page.getByRole("option", { name: "anvil" }).click();
    await page.getByRole("button", { name: "Review and save" }).click();
    // Before it is saved: what changes, where, and how far it reaches.
    await page.getByText("Blast radius: one flag configuration").waitFor();
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByText("Applied", { exact: true }).first().waitFor();
    const { overrides, prerequisites, fallthrough } = await dev("bellows");
    const shares = Object.fromEntries(fallthrough.rollout!.weights.map((item) => [item.variant, item.weight]));
    expect(shares.on! / (shares.on! + shares.off!)).toBeCloseTo(0.07);
    expect(overrides).toMatchObject([{ targetingKey: "smith-7" }]);
    expect(prerequisites).toEqual([{ flag: "anvil", variants: ["on"] }]);
    await visitor.leave();
  });

  test("is edited as a document, which is the same draft as that of the forms", async () => {
    const visitor = await Visitor.logIn(browser, world, "developer");
    const { page } = visitor;
    await visitor.open("/projects/forge/flags/chisel?tab=json");
    const editor = page.getByRole("textbox", { name: "The flag as JSON" });
    await editor.waitFor();
    const text = JSON.stringify({ ...JSON.parse(await editor.innerText()), description: "It cuts" });
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(`${text},`);
    await page.getByRole("button", { name: "Take it over" }).click();
    await page.getByRole("alert").waitFor();
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(text);
    await page.getByRole("button", { name: "Take it over" }).click();
    await save(page);
    expect((await api(world, "GET", "/projects/forge/flags/chisel")).description).toBe("It cuts");
    await visitor.leave();
  });
});
