import { type Operation, same } from "../../changes/operations";
import { conditionText } from "../../flags/conditions";
import { type FlagModel, type Override, type Rule, serveText, valueText } from "../../flags/model";
import { allApplied } from "./apply";

/** One thing about a flag that can be changed by itself. */
type Place = { environment: string; label: string; value: unknown; text: string };
type Places = Map<string, Place>;

/**
 * `conflict`: both changed it, to different things, or what theirs changed would be undone. `agreed`: both changed it to the same.
 * `mine`, `theirs`: one alone did.
 */
export type Kind = "conflict" | "mine" | "theirs" | "agreed";

export type Line = { key: string; environment: string; label: string; kind: Kind; base: string; theirs: string; mine: string };

export type Comparison = { lines: Line[]; untold: Operation[] };

/** What a flag was when a change of it was prepared, what others made of it since, and what the change would make of it. */
export function compare(base: FlagModel, theirs: FlagModel, operations: readonly Operation[]): Comparison {
  const mine = allApplied(base, operations);
  const merged = allApplied(theirs, operations).flag;
  const common = rulesInAll(base, theirs, mine.flag, merged);
  const [was, is, would, after] = [base, theirs, mine.flag, merged].map((flag) => placesOf(flag, common)) as [Places, Places, Places, Places];
  const keys = new Set([...was.keys(), ...is.keys(), ...would.keys()]);
  const lines = [...keys].flatMap((key): Line[] => {
    const [first, second, third] = [was.get(key), is.get(key), would.get(key)];
    const kind = kindOf(first?.value, second?.value, third?.value, after.get(key)?.value);
    if (!kind) return [];
    const { environment, label } = (third ?? second ?? first)!;
    return [{ key, environment, label, kind, base: textOf(first), theirs: textOf(second), mine: textOf(third) }];
  });
  return { lines: lines.toSorted((one, other) => one.environment.localeCompare(other.environment)), untold: mine.untold };
}

function kindOf(base: unknown, theirs: unknown, mine: unknown, after: unknown): Kind | null {
  const [others, own] = [!same(base, theirs), !same(base, mine)];
  if (others && own) return same(theirs, mine) ? "agreed" : "conflict";
  if (own) return "mine";
  if (!others) return null;
  return same(theirs, after) ? "theirs" : "conflict";
}

const textOf = (place: Place | undefined) => place?.text ?? "—";

/** The operations that leave alone what is in conflict: what stays if theirs is kept there. */
export function withoutConflicts(theirs: FlagModel, operations: readonly Operation[], { lines }: Comparison): Operation[] {
  const contested = new Set(lines.filter((line) => line.kind === "conflict").map((line) => line.key));
  return operations.filter((operation) => {
    const { flag, untold } = allApplied(theirs, [operation]);
    if (untold.length > 0) return false;
    const common = rulesInAll(theirs, flag);
    const [now, after] = [placesOf(theirs, common), placesOf(flag, common)];
    return ![...new Set([...now.keys(), ...after.keys()])].some(
      (key) => contested.has(key) && !same(now.get(key)?.value, after.get(key)?.value),
    );
  });
}

/** By environment, the ids of the rules that are there on every side: of these alone can it be said that their order is another. */
function rulesInAll(...sides: FlagModel[]): Map<string, ReadonlySet<string>> {
  const idsOf = (flag: FlagModel, environment: string) => new Set(flag.environments[environment]?.rules.map((rule) => rule.id));
  return new Map(
    Object.keys(sides[0]!.environments).map((environment) => [
      environment,
      sides.map((side) => idsOf(side, environment)).reduce((all, ids) => new Set([...all].filter((id) => ids.has(id)))),
    ]),
  );
}

/**
 * Everything about a flag, place by place. Rules and overrides are known by their ids, wherever they stand; in which order the rules are
 * asked is a place of its own.
 */
function placesOf(flag: FlagModel, common: ReadonlyMap<string, ReadonlySet<string>>): Places {
  const places: Places = new Map();
  const put = (environment: string, name: string, label: string, value: unknown, text: string) => {
    // What is not there is the same as what is empty.
    if (value !== undefined && value !== "") places.set(`${environment}/${name}`, { environment, label, value, text });
  };
  put("", "name", "Name", flag.name, flag.name);
  put("", "description", "Description", flag.description, flag.description);
  put("", "owner", "Owner", flag.owner, flag.owner);
  put("", "kind", "Kind", flag.kind, flag.kind);
  put("", "status", "Status", flag.status, flag.status);
  put("", "tags", "Tags", flag.tags.toSorted(), flag.tags.toSorted().join(", ") || "none");
  for (const variant of flag.variants)
    put("", `variant/${variant.key}`, `Variant ${variant.key}`, variant, [valueText(variant.value), variant.description].filter(Boolean).join(" · "));
  for (const [key, own] of Object.entries(flag.environments)) {
    put(key, "enabled", "State", own.enabled, own.enabled ? "on" : "off");
    put(key, "off", "While off", own.offVariant, own.offVariant);
    put(key, "fallback", "In an emergency", own.fallbackVariant, own.fallbackVariant ?? "");
    put(key, "fallthrough", "Everyone else gets", own.fallthrough, serveText(own.fallthrough));
    const needs = own.prerequisites.map((need) => `${need.flag} serves ${need.variants.join(" or ")}`);
    put(key, "needs", "Needs", own.prerequisites, needs.join("; ") || "nothing");
    const ordered = own.rules.filter((rule) => common.get(key)?.has(rule.id));
    const names = ordered.map((rule) => rule.name || rule.id);
    if (ordered.length > 1) put(key, "order", "Order of the rules", ordered.map((rule) => rule.id), names.join(", then "));
    own.rules.forEach((rule, index) => put(key, `rule/${rule.id}`, `Rule ${rule.name || index + 1}`, rule, ruleText(rule)));
    for (const override of own.overrides) put(key, `override/${override.id}`, `Override ${whom(override)}`, override, `gets ${override.variant}`);
  }
  return places;
}

const ruleText = (rule: Rule) =>
  `if ${rule.conditions.map(conditionText).join(" and ") || "anybody"}: ${serveText(rule.serve)}${rule.enabled === false ? " (off)" : ""}`;

const whom = (override: Override) => override.targetingKey ?? `${override.attribute} ${override.value}`;
