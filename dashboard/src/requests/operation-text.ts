import { moment } from "../common/time";
import { conditionText } from "../flags/conditions";
import { type Condition, type Override, type Prerequisite, type Rollout, type Rule, type Serve, serveText, valueText } from "../flags/model";
import { nameOf, type PolicyDocument } from "../policies/documents";

type Operation = { op: string } & Record<string, unknown>;

/** What an operation is about: the flag, segment or environment, and where. */
export const subjectOf = (operation: Operation) =>
  String(operation.flag ?? operation.segment ?? operation.project ?? operation.environment ?? operation.key ?? "");

const WORDS: Record<string, (operation: Operation) => string> = {
  createFlag: (item) => `Create the ${item.type ?? "boolean"} flag`,
  updateFlag: (item) => `Change ${members(item, ["flag", "baseRevision", "op"])}`,
  setStatus: (item) => `Make it ${item.status}`,
  deleteFlag: () => "Delete the flag",
  addVariant: (item) => `Add the variant ${keyOf(item.variant)} with the value ${valueText(valueIn(item.variant))}`,
  updateVariant: (item) => `Change the variant ${item.variant}${"value" in item ? ` to ${valueText(item.value)}` : ""}`,
  removeVariant: (item) => `Remove the variant ${item.variant}`,
  revertToRevision: (item) => `Go back to revision ${item.revision}`,
  setEnabled: (item) => (item.enabled ? "Switch it on" : "Switch it off"),
  setOffVariant: (item) => `Serve ${item.variant} while it is off`,
  setFallbackVariant: (item) => (item.variant ? `Declare ${item.variant} safe in an emergency` : "Declare no variant safe in an emergency"),
  setFallthrough: (item) => `Everyone else gets ${serveText(item.serve as Serve)}`,
  setRules: (item) => rulesText(item.rules as Rule[]),
  addRule: (item) => `Add the rule ${ruleText(item.rule as Rule)}`,
  updateRule: (item) => `Change the rule ${ruleText(item.rule as Rule)}`,
  removeRule: (item) => `Remove the rule ${item.rule}`,
  moveRule: (item) => `Move the rule ${item.rule} to place ${Number(item.index) + 1}`,
  setRollout: (item) => `${item.rule ? `Rule ${item.rule} serves` : "Everyone else gets"} ${serveText({ rollout: item.rollout } as Serve)}`,
  addOverride: (item) => `Pin ${overrideText(item.override as Override)}`,
  setPrerequisites: (item) => needsText(item.prerequisites as Prerequisite[]),
  startExperiment: (item) =>
    `Begin the experiment ${experimentOf(item)?.key ?? ""} on ${item.rule ? `rule ${item.rule}` : "everyone else"}, with ${(experimentOf(item)?.traffic ?? 0) / 1_000} % of them: ${serveText({ rollout: item.rollout } as Serve)}`,
  stopExperiment: (item) => `End the experiment on ${item.rule ? `rule ${item.rule}` : "everyone else"}${item.variant ? `, who get ${item.variant}` : ""}`,
  removeOverride: (item) => `Remove the override ${item.override}`,
  promote: (item) => `Take over what ${item.from} has`,
  setEnvironmentEnabled: (item) => (item.enabled ? "Switch the environment on" : "Switch the whole environment off"),
  createEnvironment: (item) => `Create the ${item.type} environment`,
  updateEnvironment: (item) => `Change ${members(item, ["op", "environment", "baseRevision"])}`,
  createProject: (item) => `Create the project${item.name ? ` ${item.name}` : ""}`,
  updateProject: (item) => `Change ${members(item, ["op", "project", "baseRevision"])}`,
  createSegment: (item) => `Create the segment${segmentText(item)}`,
  updateSegment: (item) => `Change the segment${segmentText(item)}`,
  deleteSegment: () => "Delete the segment",
  setApprovalPolicies: (item) => {
    const count = textsOf(item).length;
    return count === 0 ? "Put no approval policy in force but the defaults" : `Put ${count === 1 ? "this approval policy" : `these ${count} approval policies`} in force, in the place of all that are`;
  },
  createFreeze: (item) => `Create the freeze: ${members(item, ["op", "key"])}`,
  updateFreeze: (item) => `Change the freeze to: ${members(item, ["op", "key"])}`,
  deleteFreeze: () => "Delete the freeze",
  createCheck: (item) => `Define the check: ${members(item, ["op", "key"])}`,
  updateCheck: (item) => `Change the check to: ${members(item, ["op", "key"])}`,
  deleteCheck: () => "Delete the check",
  deleteEnvironment: () => "Delete the environment, with what every flag serves there",
};

/** An operation in a sentence. One that is not known here is named, with what it holds: nothing is hidden from who approves it. */
export const operationText = (operation: Operation): string =>
  WORDS[operation.op]?.(operation) ?? `${operation.op}: ${members(operation, ["op", "flag", "environment", "segment", "baseRevision"])}`;

function ruleText(rule: Rule): string {
  const conditions = rule.conditions?.map(conditionText).join(" and ");
  const name = rule.name ? `“${rule.name}”: ` : "";
  return `${name}${conditions ? `if ${conditions}, ` : ""}${serveText(rule.serve)}${rule.enabled === false ? " (switched off)" : ""}`;
}

const rulesText = (rules: Rule[]) =>
  rules.length === 0 ? "Remove all rules" : `Have these rules: ${rules.map((rule, index) => `${index + 1}. ${ruleText(rule)}`).join("; ")}`;

/** Whole documents that an operation holds, each with what it is called: they are read as they are, and not in one line. */
export function textsOf(operation: Operation): { title: string; text: string }[] {
  if (operation.op !== "setApprovalPolicies" || !Array.isArray(operation.policies)) return [];
  return (operation.policies as PolicyDocument[]).map(({ project, yaml }) => ({
    title: `${nameOf(yaml)}, ${project ? `of ${project}` : "of the organisation"}`,
    text: yaml,
  }));
}

const overrideText = ({ targetingKey, attribute, value, variant, expiresAt, emergency }: Override) =>
  `${targetingKey ?? `whoever has ${attribute} = ${valueText(value)}`} to ${variant}${expiresAt ? ` until ${moment(expiresAt)}` : ""}${emergency ? ", as an emergency" : ""}`;

const needsText = (needs: readonly Prerequisite[]) =>
  needs.length === 0 ? "Need no other flag" : `Need ${needs.map((need) => `${need.flag} to serve ${need.variants.join(" or ")}`).join(", and ")}`;

const experimentOf = (operation: Operation) => (operation.rollout as Rollout | undefined)?.experiment;

function segmentText(operation: Operation): string {
  const { rules, includes, excludes } = operation as { rules?: { conditions: Condition[] }[]; includes?: string[]; excludes?: string[] };
  const others = members(operation, ["op", "segment", "baseRevision", "rules", "includes", "excludes"]);
  const parts = [
    others,
    rules && (rules.length === 0 ? "no rules" : `whoever has ${rules.map((rule) => rule.conditions.map(conditionText).join(" and ")).join("; or ")}`),
    includes && `always in: ${includes.join(", ") || "nobody"}`,
    excludes && `never in: ${excludes.join(", ") || "nobody"}`,
  ].filter(Boolean);
  return parts.length === 0 ? "" : `: ${parts.join(" · ")}`;
}

const members = (operation: Operation, without: string[]) =>
  Object.entries(operation)
    .filter(([name]) => !without.includes(name))
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(", ");

const keyOf = (variant: unknown) => String((variant as { key?: unknown } | undefined)?.key ?? "");
const valueIn = (variant: unknown) => (variant as { value?: unknown } | undefined)?.value;
