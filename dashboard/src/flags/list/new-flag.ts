import type { Variant } from "../model";

export const TYPES = [
  { value: "boolean", label: "On or off (boolean)" },
  { value: "string", label: "Text (string)" },
  { value: "number", label: "Number" },
  { value: "json", label: "JSON" },
];

/** What a new flag of each type may answer before anybody says otherwise. */
export const STARTING_VARIANTS: Record<"boolean" | "string" | "number" | "json", Variant[]> = {
  boolean: [
    { key: "on", value: true },
    { key: "off", value: false },
  ],
  string: [
    { key: "treatment", value: "treatment" },
    { key: "control", value: "control" },
  ],
  number: [
    { key: "high", value: 100 },
    { key: "low", value: 0 },
  ],
  json: [
    { key: "new", value: { new: true } },
    { key: "none", value: {} },
  ],
};

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** What is wrong with a flag's key while it is typed. */
export function keyProblem(key: string, flags: readonly { key: string }[]): string | null {
  if (!KEY.test(key)) return "Letters, digits, dots, hyphens and underscores, at most 128; the first is a letter or digit.";
  return flags.some((flag) => flag.key === key) ? "There is a flag with this key already." : null;
}
