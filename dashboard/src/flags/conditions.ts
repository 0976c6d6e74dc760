import type { Condition, Configuration, FlagModel, Rollout, Rule, Serve } from "./model";

/** What an operator compares with. */
export type Takes = "any" | "text" | "number" | "range" | "nothing" | "version" | "time" | "address" | "segment" | "pattern";

type Operator = { name: string; words: string; takes: Takes };

/** Every operator, in words that read behind an attribute (docs/evaluation.md). */
export const OPERATORS: { group: string; items: Operator[] }[] = [
  {
    group: "Values",
    items: [
      { name: "equals", words: "is any of", takes: "any" },
      { name: "in", words: "is in", takes: "any" },
      { name: "equalsIgnoreCase", words: "is any of (any case)", takes: "text" },
      { name: "exists", words: "exists", takes: "nothing" },
    ],
  },
  {
    group: "Texts",
    items: [
      { name: "contains", words: "contains", takes: "text" },
      { name: "containsIgnoreCase", words: "contains (any case)", takes: "text" },
      { name: "startsWith", words: "starts with", takes: "text" },
      { name: "startsWithIgnoreCase", words: "starts with (any case)", takes: "text" },
      { name: "endsWith", words: "ends with", takes: "text" },
      { name: "endsWithIgnoreCase", words: "ends with (any case)", takes: "text" },
      { name: "matches", words: "matches the pattern", takes: "pattern" },
    ],
  },
  {
    group: "Numbers",
    items: [
      { name: "greaterThan", words: "is greater than", takes: "number" },
      { name: "greaterThanOrEqual", words: "is at least", takes: "number" },
      { name: "lessThan", words: "is less than", takes: "number" },
      { name: "lessThanOrEqual", words: "is at most", takes: "number" },
      { name: "between", words: "is between", takes: "range" },
    ],
  },
  {
    group: "Versions",
    items: [
      { name: "semverEquals", words: "is version", takes: "version" },
      { name: "semverGreaterThan", words: "is newer than", takes: "version" },
      { name: "semverGreaterThanOrEqual", words: "is at least version", takes: "version" },
      { name: "semverLessThan", words: "is older than", takes: "version" },
      { name: "semverLessThanOrEqual", words: "is at most version", takes: "version" },
      { name: "semverTilde", words: "is about version (~)", takes: "version" },
      { name: "semverCaret", words: "is compatible with (^)", takes: "version" },
    ],
  },
  {
    group: "Times and addresses",
    items: [
      { name: "before", words: "is before", takes: "time" },
      { name: "after", words: "is after", takes: "time" },
      { name: "cidr", words: "is an address in", takes: "address" },
    ],
  },
  { group: "Segments", items: [{ name: "segment", words: "is in segment", takes: "segment" }] },
];

const BY_NAME = new Map(OPERATORS.flatMap((group) => group.items).map((item) => [item.name, item]));

export const operatorOf = (name: string): Operator => BY_NAME.get(name) ?? { name, words: name, takes: "any" };

/** What was typed as the value that it is: numbers and truth values where the operator takes any. */
export function valueOf(text: string, takes: Takes): string | number | boolean {
  if (takes === "number" || takes === "range") return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  if (takes !== "any") return text;
  if (text === "true" || text === "false") return text === "true";
  // Types are strict: "5" in quotes is the text, 5 the number.
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return Number(text);
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}

/** A value as it is typed. */
export function textOf(value: string | number | boolean, takes: Takes): string {
  const looksOther = takes === "any" && typeof value === "string" && typeof valueOf(value, "any") !== "string";
  return looksOther ? `"${value}"` : String(value);
}

/** A condition in words: "country is any of de, at". */
export function conditionText(condition: Condition): string {
  const operator = operatorOf(condition.operator);
  const values =
    operator.takes === "range" ? condition.values.join(" and ") : condition.values.map((value) => textOf(value, operator.takes)).join(", ");
  const words = [condition.attribute, condition.negate ? `not: ${operator.words}` : operator.words, values];
  return words.filter((part) => part !== undefined && part !== "").join(" ");
}

const SEMVER = /^[vV]?\d+(\.\d+(\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?)?)?$/;
const CIDR = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(\/\d{1,3})?$/;
const MAX_PATTERN = 512;

type Value = Condition["values"][number];

const isTime = (value: Value) => /^\d+$/.test(String(value)) || !Number.isNaN(Date.parse(String(value)));
const isAny = () => true;

/** What the values of an operator must be: what to say where there are none, and where one does not fit. */
const VALUES: Record<Exclude<Takes, "nothing" | "range">, { none: string; fits: (value: Value) => boolean; wrong: string }> = {
  any: { none: "Give a value.", fits: isAny, wrong: "" },
  text: { none: "Give a value.", fits: isAny, wrong: "" },
  number: { none: "Give a number.", fits: (value) => typeof value === "number", wrong: "Takes numbers." },
  version: { none: "Give a version.", fits: (value) => SEMVER.test(String(value)), wrong: "Takes versions such as 2.1.0." },
  time: { none: "Give a time.", fits: isTime, wrong: "Takes times such as 2026-01-31T09:30:00Z." },
  address: { none: "Give an address.", fits: (value) => CIDR.test(String(value)), wrong: "Takes addresses or blocks such as 10.0.0.0/8." },
  pattern: { none: "Give a pattern.", fits: isPattern, wrong: "That is no regular expression, or has more than 512 characters." },
  segment: { none: "Choose a segment.", fits: isAny, wrong: "" },
};

/** What is wrong with a condition while it is typed; the server looks again. */
export function conditionProblem(condition: Condition): string | null {
  const { takes } = operatorOf(condition.operator);
  if (takes !== "segment" && !condition.attribute?.trim()) return "Name the attribute to look at.";
  const { values } = condition;
  if (takes === "nothing") return values.length > 0 ? "Takes no value." : null;
  if (takes === "range") {
    if (values.length !== 2) return "Takes two numbers: the lowest and the highest.";
    if (!values.every((value) => typeof value === "number")) return "Takes numbers.";
    return Number(values[0]) > Number(values[1]) ? "The lowest comes first." : null;
  }
  const { none, fits, wrong } = VALUES[takes];
  return values.length === 0 ? none : values.every(fits) ? null : wrong;
}

function isPattern(value: Value): boolean {
  try {
    new RegExp(String(value));
    return String(value).length <= MAX_PATTERN;
  } catch {
    return false;
  }
}

export function rolloutProblem(rollout: Rollout): string | null {
  if (rollout.weights.length === 0) return "Name a variant.";
  if (rollout.weights.some((item) => !Number.isInteger(item.weight) || item.weight < 0)) return "Weights are whole numbers.";
  return rollout.weights.reduce((sum, item) => sum + item.weight, 0) + (rollout.remainder ?? 0) > 0 ? null : "Give somebody a share.";
}

const serveProblem = (serve: Serve) => (serve.rollout ? rolloutProblem(serve.rollout) : null);

/** All that is wrong with a rule. */
export const ruleProblems = (rule: Rule): string[] =>
  [...rule.conditions.map(conditionProblem), serveProblem(rule.serve)].filter((problem) => problem !== null);

/** All that is wrong with a configuration, each with where it is. */
export function configurationProblems(configuration: Configuration): string[] {
  return [
    ...configuration.rules.flatMap((rule, index) =>
      ruleProblems(rule).map((problem) => `Rule ${index + 1}${rule.name ? ` (${rule.name})` : ""}: ${problem}`),
    ),
    ...configuration.overrides.flatMap((item) =>
      (item.attribute === undefined ? item.targetingKey : item.value) === "" || item.attribute === ""
        ? ["An override names nobody."]
        : [],
    ),
    ...configuration.prerequisites.flatMap((item) =>
      item.flag === "" ? ["A prerequisite names no flag."] : item.variants.length === 0 ? [`Prerequisite ${item.flag}: name a variant.`] : [],
    ),
    ...[serveProblem(configuration.fallthrough)].flatMap((problem) => (problem ? [`Otherwise: ${problem}`] : [])),
  ];
}

/** All that is wrong with a draft, by environment. */
export const flagProblems = (flag: FlagModel): string[] =>
  Object.entries(flag.environments).flatMap(([environment, configuration]) =>
    configurationProblems(configuration).map((problem) => `${environment}: ${problem}`),
  );
