import type { Flag, Segment } from "../api/queries";
import type { Operation } from "../changes/operations";
import { same } from "../changes/operations";
import { conditionProblem } from "../flags/conditions";
import type { Condition, Rule } from "../flags/model";

/** A segment as its page works with it: who belongs to it (docs/operations.md). */
export type SegmentRule = { id: string; conditions: Condition[] };

export type SegmentModel = {
  key: string;
  name: string;
  description: string;
  includes: string[];
  excludes: string[];
  rules: SegmentRule[];
  revision: number;
};

export const segmentOf = (segment: Segment): SegmentModel => ({
  key: segment.key,
  name: segment.name,
  description: segment.description,
  includes: [...segment.includes],
  excludes: [...segment.excludes],
  rules: segment.rules as SegmentRule[],
  revision: segment.revision,
});

export const MOST_KEYS = 10_000;
const LONGEST_KEY = 512;

/** The keys in a text with one a line, each once, in the order in which they stand. */
export const keysOf = (text: string): string[] => [
  ...new Set(
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  ),
];

function keysProblem(name: string, keys: readonly string[]): string[] {
  if (keys.length > MOST_KEYS) return [`${name}: ${keys.length.toLocaleString("en")} keys, at most ${MOST_KEYS.toLocaleString("en")}.`];
  return keys.some((key) => key.length > LONGEST_KEY) ? [`${name}: a key has at most ${LONGEST_KEY} characters.`] : [];
}

/** All that is wrong with a draft; the server looks again. */
export const segmentProblems = (segment: SegmentModel): string[] => [
  ...keysProblem("Always in", segment.includes),
  ...keysProblem("Never in", segment.excludes),
  ...segment.rules.flatMap((rule, index) =>
    rule.conditions.flatMap((condition) => {
      const problem = conditionProblem(condition);
      return problem ? [`Rule ${index + 1}: ${problem}`] : [];
    }),
  ),
];

const MEMBERS = ["name", "description", "includes", "excludes", "rules"] as const;

/** What leads from a segment as it is to the draft of it: one operation with what differs, or none. */
export function segmentOperations(before: SegmentModel, after: SegmentModel): Operation[] {
  const changed = MEMBERS.filter((name) => !same(before[name], after[name]));
  if (changed.length === 0) return [];
  return [
    {
      op: "updateSegment",
      segment: before.key,
      baseRevision: before.revision,
      ...Object.fromEntries(changed.map((name) => [name, after[name]])),
    },
  ];
}

const names = (conditions: readonly Condition[], segment: string) =>
  conditions.some((condition) => condition.operator === "segment" && condition.values.includes(segment));

/** Where a flag names a segment: by environment, the numbers of the rules, from 1. */
export const placesOf = (flag: Flag, segment: string): { environment: string; rules: number[] }[] =>
  Object.entries(flag.environments).flatMap(([environment, configuration]) => {
    const rules = (configuration.rules as Rule[]).flatMap((rule, index) => (names(rule.conditions, segment) ? [index + 1] : []));
    return rules.length > 0 ? [{ environment, rules }] : [];
  });

/** Whether a segment's own rules name another. */
export const usesSegment = (segment: SegmentModel, other: string) => segment.rules.some((rule) => names(rule.conditions, other));

/** Who belongs to a segment, in a few words. */
export function sizeText(segment: SegmentModel): string {
  const count = (number: number, one: string, many: string) => (number === 0 ? [] : [`${number.toLocaleString("en")} ${number === 1 ? one : many}`]);
  const words = [
    ...count(segment.rules.length, "rule", "rules"),
    ...count(segment.includes.length, "key always in", "keys always in"),
    ...count(segment.excludes.length, "never in", "never in"),
  ];
  return words.length > 0 ? words.join(" · ") : "nobody yet";
}
