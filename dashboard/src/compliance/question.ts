import type { Query } from "../api/client";
import type { Compliance } from "../api/queries";

/** What a compliance report is asked about; it stands in the address. `attr` as the API takes it: `plan:string:enterprise`. */
export type Question = { flag?: string; env?: string; key?: string; segment?: string; attr?: string[]; from?: string; to?: string };

const FACT = /^(.+?):(string|number|boolean):(.*)$/s;
const MOST_FACTS = 20;

const text = (value: unknown) => (value === undefined || value === null || value === "" ? undefined : String(value));
const time = (value: unknown) => (typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : undefined);

export function readQuestion(search: Record<string, unknown>): Question {
  const attr = (Array.isArray(search.attr) ? search.attr : []).filter((item) => typeof item === "string" && FACT.test(item)).slice(0, MOST_FACTS);
  const read = { flag: text(search.flag), env: text(search.env), key: text(search.key), segment: text(search.segment), from: time(search.from), to: time(search.to) };
  return {
    ...(Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as Question),
    ...(attr.length > 0 ? { attr: attr as string[] } : {}),
  };
}

/** The question as the API takes it. */
export const parametersOf = (question: Question, environment: string): Query => ({
  environment,
  targetingKey: question.key,
  segment: question.segment,
  from: question.from,
  to: question.to,
  ...(question.attr ? { attribute: new Set(question.attr) } : {}),
});

/** "plan = enterprise" as a fact of the API: numbers and truth values as what they are, the rest as text. */
export function factOf(words: string): string | null {
  const parts = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/s.exec(words);
  if (!parts) return null;
  const [, name, value] = parts as unknown as [string, string, string];
  const quoted = /^"(.*)"$/s.exec(value);
  if (quoted) return `${name}:string:${quoted[1]}`;
  const type = value === "true" || value === "false" ? "boolean" : /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value) ? "number" : "string";
  return `${name}:${type}:${value}`;
}

/** A fact of the API as it is typed. */
export function factText(fact: string): string {
  const [, name, type, value] = FACT.exec(fact)!;
  const plain = `${name} = ${value}`;
  return factOf(plain) === `${name}:${type}:${value}` ? plain : `${name} = "${value}"`;
}

export type Period = Compliance["periods"][number];

export const STATES: Record<string, { words: string; colour: string }> = {
  on: { words: "on", colour: "tide" },
  partly: { words: "for a share", colour: "signal" },
  depends: { words: "depends", colour: "signal" },
  off: { words: "off", colour: "gray" },
  absent: { words: "not there", colour: "gray" },
  broken: { words: "broken", colour: "flare" },
};

/** A period's state in words: "for 25 %". */
export const stateText = (period: Period) =>
  period.state === "partly" && typeof period.percent === "number"
    ? `on for ${Number(period.percent.toFixed(3))} %`
    : (STATES[period.state]?.words ?? period.state);

/** How long a time was, in the largest two units that say it. */
export function lengthText(from: string, to: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  const parts: [number, string][] = [
    [Math.floor(minutes / 1_440), "d"],
    [Math.floor((minutes % 1_440) / 60), "h"],
    [minutes % 60, "min"],
  ];
  const said = parts.filter(([number]) => number > 0).slice(0, 2);
  return said.length === 0 ? "under a minute" : said.map(([number, unit]) => `${number} ${unit}`).join(" ");
}

/** For how much of the time that the flag was there each state held, in percent, the longest first. */
export function sharesOf(periods: readonly Period[]): { state: string; percent: number }[] {
  const lengths = new Map<string, number>();
  for (const { state, from, to } of periods) {
    if (state !== "absent") lengths.set(state, (lengths.get(state) ?? 0) + Date.parse(to) - Date.parse(from));
  }
  const all = [...lengths.values()].reduce((sum, length) => sum + length, 0);
  return [...lengths]
    .map(([state, length]) => ({ state, percent: all === 0 ? 0 : (length / all) * 100 }))
    .toSorted((one, other) => other.percent - one.percent);
}
