import type { Configuration, FlagModel } from "./model";

const DETAILS = ["name", "description", "owner", "tags", "kind", "variants"] as const;
const LISTS = ["prerequisites", "overrides", "rules"] as const;

/** The part of a flag that can be edited, as a document. */
export function writeDraft(flag: FlagModel): string {
  const { key, type, name, description, owner, tags, kind, variants, environments } = flag;
  return JSON.stringify({ key, type, name, description, owner, tags, kind, variants, environments }, null, 2);
}

/**
 * A draft out of an edited document. Only the shape is looked at here; what the members may hold, the server knows and says when the
 * draft is reviewed.
 */
export function readDraft(flag: FlagModel, text: string): { flag?: FlagModel; problem?: string } {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (broken) {
    return { problem: broken instanceof Error ? broken.message : "It is no JSON." };
  }
  if (!isObject(read)) return { problem: "A flag is an object." };
  if (read.key !== flag.key) return { problem: `The key is fixed: "key" must be "${flag.key}".` };
  if (read.type !== flag.type) return { problem: `The type is fixed: "type" must be "${flag.type}".` };
  const missing = DETAILS.find((name) => read[name] === undefined);
  if (missing) return { problem: `"${missing}" is missing.` };
  if (!Array.isArray(read.tags) || !Array.isArray(read.variants)) return { problem: '"tags" and "variants" are lists.' };
  const unknown = Object.keys(read).find((name) => ![...DETAILS, "key", "type", "environments"].includes(name));
  if (unknown) return { problem: `"${unknown}" is nothing that a flag has here.` };
  if (!isObject(read.environments)) return { problem: '"environments" is an object.' };
  const environments: Record<string, Configuration> = {};
  for (const [key, before] of Object.entries(flag.environments)) {
    const configuration = read.environments[key];
    if (configuration === undefined) {
      environments[key] = before;
      continue;
    }
    const problem = configurationProblem(configuration);
    if (problem) return { problem: `environments.${key}: ${problem}` };
    environments[key] = configuration as Configuration;
  }
  const stranger = Object.keys(read.environments).find((key) => !(key in flag.environments));
  if (stranger) return { problem: `There is no environment "${stranger}".` };
  const { name, description, owner, tags, kind, variants } = read as FlagModel;
  return { flag: { ...flag, name, description, owner, tags, kind, variants, environments } };
}

function configurationProblem(configuration: unknown): string | null {
  if (!isObject(configuration)) return "is an object";
  if (typeof configuration.enabled !== "boolean") return '"enabled" is true or false';
  if (typeof configuration.offVariant !== "string") return '"offVariant" names a variant';
  const list = LISTS.find((name) => !Array.isArray(configuration[name]));
  if (list) return `"${list}" is a list`;
  if (!(configuration.rules as unknown[]).every((rule) => isObject(rule) && Array.isArray(rule.conditions) && isServe(rule.serve)))
    return 'each of "rules" has "conditions" and "serve"';
  return isServe(configuration.fallthrough) ? null : '"fallthrough" has a "variant" or a "rollout"';
}

const isServe = (serve: unknown): boolean =>
  isObject(serve) && (typeof serve.variant === "string" || (isObject(serve.rollout) && Array.isArray(serve.rollout.weights)));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
