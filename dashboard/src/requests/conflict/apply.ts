import type { Operation } from "../../changes/operations";
import type { Configuration, FlagModel, Override, Prerequisite, Rollout, Rule, Serve, Variant } from "../../flags/model";

/**
 * What a flag is after an operation, as docs/operations.md describes it; null where only the server can tell. It draws a picture for
 * people; what is applied is what the server makes of the operations.
 */
export function applied(flag: FlagModel, operation: Operation): FlagModel | null {
  if (operation.flag !== flag.key) return flag;
  const { environment } = operation as { environment?: string };
  if (environment !== undefined) {
    const configuration = flag.environments[environment];
    const next = configuration && configured(configuration, operation, flag);
    return next ? { ...flag, environments: { ...flag.environments, [environment]: next } } : null;
  }
  switch (operation.op) {
    case "updateFlag": {
      const details = ["name", "description", "owner", "tags", "kind"].filter((name) => name in operation);
      return { ...flag, ...Object.fromEntries(details.map((name) => [name, operation[name]])) };
    }
    case "setStatus":
      return { ...flag, status: String(operation.status) };
    case "addVariant":
      return { ...flag, variants: [...flag.variants, operation.variant as Variant] };
    case "updateVariant":
      return {
        ...flag,
        variants: flag.variants.map((item) =>
          item.key === operation.variant
            ? {
                ...item,
                ...("value" in operation ? { value: operation.value } : {}),
                ...("description" in operation ? { description: String(operation.description) } : {}),
              }
            : item,
        ),
      };
    case "removeVariant":
      return { ...flag, variants: flag.variants.filter((item) => item.key !== operation.variant) };
    default:
      return null;
  }
}

function configured(before: Configuration, operation: Operation, flag: FlagModel): Configuration | null {
  const id = (operation.rule as { id?: string } | undefined)?.id ?? operation.rule;
  switch (operation.op) {
    case "setEnabled":
      return { ...before, enabled: operation.enabled === true };
    case "setOffVariant":
      return { ...before, offVariant: String(operation.variant) };
    case "setFallbackVariant": {
      const { fallbackVariant: _, ...without } = before;
      return operation.variant ? { ...without, fallbackVariant: String(operation.variant) } : without;
    }
    case "setFallthrough":
      return { ...before, fallthrough: operation.serve as Serve };
    case "setPrerequisites":
      return { ...before, prerequisites: operation.prerequisites as Prerequisite[] };
    case "setRules":
      return { ...before, rules: operation.rules as Rule[] };
    case "addRule":
      return { ...before, rules: before.rules.toSpliced(Number(operation.index ?? before.rules.length), 0, operation.rule as Rule) };
    case "updateRule":
      return { ...before, rules: before.rules.map((rule) => (rule.id === id ? (operation.rule as Rule) : rule)) };
    case "removeRule":
      return { ...before, rules: before.rules.filter((rule) => rule.id !== id) };
    case "moveRule": {
      const moved = before.rules.find((rule) => rule.id === id);
      return moved ? { ...before, rules: before.rules.filter((rule) => rule !== moved).toSpliced(Number(operation.index), 0, moved) } : before;
    }
    case "setRollout": {
      const serve: Serve = { rollout: operation.rollout as Rollout };
      return id ? { ...before, rules: before.rules.map((rule) => (rule.id === id ? { ...rule, serve } : rule)) } : { ...before, fallthrough: serve };
    }
    case "addOverride": {
      const override = operation.override as Override;
      const isThere = before.overrides.some((item) => item.id === override.id);
      return {
        ...before,
        overrides: isThere ? before.overrides.map((item) => (item.id === override.id ? override : item)) : [...before.overrides, override],
      };
    }
    case "removeOverride":
      return { ...before, overrides: before.overrides.filter((item) => item.id !== operation.override) };
    case "promote": {
      const source = flag.environments[String(operation.from)];
      if (!source) return null;
      const { enabled, rules, fallthrough, prerequisites, offVariant } = source;
      return { ...before, enabled, rules, fallthrough, prerequisites, offVariant };
    }
    default:
      return null;
  }
}

/** A flag after several operations; those that only the server can tell are handed back. */
export function allApplied(flag: FlagModel, operations: readonly Operation[]): { flag: FlagModel; untold: Operation[] } {
  const untold: Operation[] = [];
  let next = flag;
  for (const operation of operations) {
    const after = applied(next, operation);
    if (after) next = after;
    else untold.push(operation);
  }
  return { flag: next, untold };
}
