import type { Configuration, FlagDetails, FlagModel, Variant } from "../flags/model";

/** One operation of a change, as docs/operations.md describes it. */
export type Operation = { op: string; baseRevision?: number } & Record<string, unknown>;

/** Whether two values of JSON are the same, whatever the order of members. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [keys, others] = [present(one), present(other)];
  return (
    keys.length === others.length &&
    keys.every((key) => same((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]))
  );
}

const present = (value: object) =>
  Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);

/** What leads from one configuration of a flag in an environment to another. */
export function configurationOperations(flag: string, environment: string, before: Configuration, after: Configuration): Operation[] {
  const of = (op: string, members: Record<string, unknown>): Operation => ({ op, flag, environment, ...members });
  const operations: Operation[] = [];
  if (!same(before.prerequisites, after.prerequisites))
    operations.push(of("setPrerequisites", { prerequisites: after.prerequisites }));
  for (const override of before.overrides) {
    if (!after.overrides.some((item) => item.id === override.id)) operations.push(of("removeOverride", { override: override.id }));
  }
  for (const override of after.overrides) {
    if (!same(before.overrides.find((item) => item.id === override.id), override)) operations.push(of("addOverride", { override }));
  }
  if (!same(before.rules, after.rules)) operations.push(of("setRules", { rules: after.rules }));
  if (!same(before.fallthrough, after.fallthrough)) operations.push(of("setFallthrough", { serve: after.fallthrough }));
  if (before.offVariant !== after.offVariant) operations.push(of("setOffVariant", { variant: after.offVariant }));
  if ((before.fallbackVariant ?? null) !== (after.fallbackVariant ?? null))
    operations.push(of("setFallbackVariant", { variant: after.fallbackVariant ?? null }));
  if (before.enabled !== after.enabled) operations.push(of("setEnabled", { enabled: after.enabled }));
  return operations;
}

/** What leads from one set of variants to another; those that go, go last, for something else may have used them. */
export function variantOperations(flag: string, before: readonly Variant[], after: readonly Variant[]): [Operation[], Operation[]] {
  const first: Operation[] = [];
  const last: Operation[] = [];
  for (const variant of after) {
    const was = before.find((item) => item.key === variant.key);
    if (!was) {
      first.push({ op: "addVariant", flag, variant });
    } else if (!same(was, variant)) {
      first.push({
        op: "updateVariant",
        flag,
        variant: variant.key,
        ...(same(was.value, variant.value) ? {} : { value: variant.value }),
        ...((was.description ?? "") === (variant.description ?? "") ? {} : { description: variant.description ?? "" }),
      });
    }
  }
  for (const variant of before) {
    if (!after.some((item) => item.key === variant.key)) last.push({ op: "removeVariant", flag, variant: variant.key });
  }
  return [first, last];
}

const DETAILS = ["name", "description", "owner", "tags", "kind"] as const;

/** What leads from one description of a flag to another. */
export function detailOperations(flag: string, before: FlagDetails, after: FlagDetails): Operation[] {
  const changed = DETAILS.filter((name) => !same(before[name], after[name]));
  if (changed.length === 0) return [];
  return [{ op: "updateFlag", flag, ...Object.fromEntries(changed.map((name) => [name, after[name]])) }];
}

/** All that leads from a flag as it is to the draft of it, each operation based on the revision that its author saw. */
export function flagOperations(before: FlagModel, after: FlagModel): Operation[] {
  const [added, removed] = variantOperations(before.key, before.variants, after.variants);
  const configured = Object.keys(after.environments).flatMap((environment) => {
    const [was, is] = [before.environments[environment], after.environments[environment]];
    return was && is ? configurationOperations(before.key, environment, was, is) : [];
  });
  return [...detailOperations(before.key, before, after), ...added, ...configured, ...removed].map((operation) => ({
    ...operation,
    baseRevision: before.revision,
  }));
}
