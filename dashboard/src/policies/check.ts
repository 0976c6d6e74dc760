import type { EnvironmentCheck } from "../api/queries";

export type Threshold = { field: string; bound: string; limit: number; unit: string };
export type Measure = { name: string; from: string };

/** A check as its form holds it (docs/checks.md). */
export type CheckDraft = {
  key: string;
  source: string;
  name: string;
  target: string;
  secret: string;
  measures: Measure[];
  thresholds: Threshold[];
  validMinutes: number;
  environmentType: string;
  soakMinutes: number;
};

export const SOURCES: { value: string; label: string; about: string }[] = [
  { value: "push", label: "A pipeline reports it", about: "Signed with the secret that is named here." },
  { value: "http", label: "A service is asked", about: "It answers about exactly this content." },
  { value: "json-metric", label: "Numbers of a JSON document", about: "Each stands at the top of the object." },
  { value: "prometheus", label: "Prometheus is queried", about: "One sample for each number, not older than five minutes." },
  { value: "soak", label: "Time in an environment", about: "Read from the log: how long exactly this was in force." },
];

export const BOUNDS = [
  { value: "below", label: "below" },
  { value: "atMost", label: "at most" },
  { value: "atLeast", label: "at least" },
];

const SIGNS: Record<string, string> = { below: "<", atMost: "≤", atLeast: "≥" };

const A_DAY = 1_440;

export const newCheck = (key = ""): CheckDraft => ({
  key,
  source: "push",
  name: "",
  target: "",
  secret: "",
  measures: [],
  thresholds: [],
  validMinutes: A_DAY,
  environmentType: "staging",
  soakMinutes: A_DAY,
});

export const draftOf = (check: EnvironmentCheck): CheckDraft => ({
  ...newCheck(check.key),
  source: check.source ?? "push",
  name: check.name,
  target: check.target ?? "",
  secret: check.secret ?? "",
  measures: Object.entries(check.measures ?? {}).map(([name, from]) => ({ name, from })),
  // Those of a check that ships are fixed, and not sent.
  thresholds: check.ships ? [] : check.thresholds.map(({ field, bound, limit, unit }) => ({ field, bound, limit, unit: unit ?? "" })),
  validMinutes: check.validMinutes ?? A_DAY,
  environmentType: check.environmentType ?? "staging",
  soakMinutes: check.soakMinutes ?? A_DAY,
});

export const isAsked = (source: string) => source === "http" || isMeasured(source);
export const isMeasured = (source: string) => source === "json-metric" || source === "prometheus";

/** The body of a request: what its source takes, and nothing else; an update says no key. */
export function bodyOf(draft: CheckDraft, isNew: boolean) {
  const { source } = draft;
  const isSoak = source === "soak";
  return {
    ...(isNew ? { key: draft.key } : {}),
    source,
    ...(draft.name ? { name: draft.name } : {}),
    ...(isAsked(source) ? { target: draft.target } : {}),
    ...(!isSoak && draft.secret ? { secret: draft.secret } : {}),
    ...(isMeasured(source) ? { measures: Object.fromEntries(draft.measures.map(({ name, from }) => [name, from])) } : {}),
    ...(!isSoak && draft.thresholds.length > 0
      ? { thresholds: draft.thresholds.map(({ unit, ...item }) => ({ ...item, ...(unit ? { unit } : {}) })) }
      : {}),
    ...(isSoak ? { environmentType: draft.environmentType, soakMinutes: draft.soakMinutes } : {}),
    validMinutes: draft.validMinutes,
  };
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** What is wrong with a draft, in words; `null` where the server may be asked. */
export function checkProblem(draft: CheckDraft): string | null {
  if (!KEY.test(draft.key)) return "The key has letters, digits, dots, hyphens and underscores; the first is a letter or digit.";
  if (draft.source === "push" && !draft.secret) return "Name the secret that reports are signed with.";
  if (isAsked(draft.source) && !URL.canParse(draft.target)) return "Say the address that is asked.";
  if (isMeasured(draft.source)) {
    if (draft.measures.length === 0) return "Say where at least one number is found.";
    if (draft.measures.some((item) => !item.name || !item.from)) return "Each number needs a name and a place.";
    if (new Set(draft.measures.map((item) => item.name)).size < draft.measures.length) return "Each number has a name of its own.";
    const strange = draft.thresholds.find((item) => !draft.measures.some((measure) => measure.name === item.field));
    if (strange) return `“${strange.field}” is bounded and not measured.`;
  }
  if (draft.source !== "soak" && draft.thresholds.some((item) => !item.field)) return "Each bound names a number.";
  return null;
}

/** What a number must be: `p99Milliseconds < 500 ms`. */
export const thresholdText = ({ field, bound, limit, unit }: { field: string; bound: string; limit: number; unit?: string | null }) =>
  `${field} ${SIGNS[bound] ?? bound} ${limit}${unit ? ` ${unit}` : ""}`;

/** What must have been seen, in words. */
export function demandText(check: Pick<EnvironmentCheck, "thresholds" | "soakMinutes" | "environmentType">): string {
  if (check.soakMinutes) return `in force in ${check.environmentType} for ${spanText(check.soakMinutes)}`;
  if (check.thresholds.length === 0) return "its result is taken as it is told";
  return check.thresholds.map(thresholdText).join(", ");
}

/** Minutes as people say them: `24 h`, `90 min`. */
export const spanText = (minutes: number) => (minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`);
