import { conditionText } from "../flags/conditions";
import { type Rule, type Serve, serveText, valueText } from "../flags/model";

type Operation = { op: string } & Record<string, unknown>;

/** What an operation is about: the flag, segment or environment, and where. */
export const subjectOf = (operation: Operation) =>
  String(operation.flag ?? operation.segment ?? operation.project ?? operation.environment ?? "");

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
  removeOverride: (item) => `Remove the override ${item.override}`,
  promote: (item) => `Take over what ${item.from} has`,
  setEnvironmentEnabled: (item) => (item.enabled ? "Switch the environment on" : "Switch the whole environment off"),
  createEnvironment: (item) => `Create the ${item.type} environment`,
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

const members = (operation: Operation, without: string[]) =>
  Object.entries(operation)
    .filter(([name]) => !without.includes(name))
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(", ");

const keyOf = (variant: unknown) => String((variant as { key?: unknown } | undefined)?.key ?? "");
const valueIn = (variant: unknown) => (variant as { value?: unknown } | undefined)?.value;
