import type { Freeze } from "../api/queries";
import { moment } from "../common/time";

/** Something that comes again, as the API takes it (docs/freezes.md). */
export type Recurrence = {
  every: string;
  days?: string[];
  month?: number;
  day?: number;
  nth?: number;
  at: string;
  minutes: number;
  from?: string;
  until?: string;
};

/** A span; one without an end holds until it is lifted. */
export type Interval = { from: string; to?: string | null };

export type Scope = { projects: string[]; environments: string[]; environmentTypes: string[]; tags: string[] };

/** A freeze as its form holds it; times of intervals are absolute, `from` is `null` where not yet given, `to` where it holds until it is lifted. */
export type FreezeDraft = {
  key: string;
  name: string;
  enabled: boolean;
  approvers: number;
  zone: string;
  /** The incident with which it ends; empty where it is lifted by hand. */
  forIncident: string;
  scope: Scope;
  intervals: { from: string | null; to: string | null }[];
  recurring: Recurrence[];
};

export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export const WEEKEND: Recurrence = { every: "weekly", days: ["friday"], at: "17:00", minutes: 3_780 };

export const newFreeze = (zone: string): FreezeDraft => ({
  key: "",
  name: "",
  enabled: true,
  approvers: 2,
  zone,
  forIncident: "",
  scope: { projects: [], environments: [], environmentTypes: ["production"], tags: [] },
  intervals: [],
  recurring: [],
});

export const draftOf = (freeze: Freeze): FreezeDraft => ({
  key: freeze.key,
  name: freeze.name,
  enabled: freeze.enabled,
  approvers: freeze.approvers,
  zone: freeze.zone,
  forIncident: incidentOf(freeze) ?? "",
  scope: {
    projects: [...(freeze.scope.projects ?? [])],
    environments: [...(freeze.scope.environments ?? [])],
    environmentTypes: [...(freeze.scope.environmentTypes ?? [])],
    tags: [...(freeze.scope.tags ?? [])],
  },
  intervals: freeze.intervals.map(({ from, to }: Interval) => ({ from, to: to ?? null })),
  recurring: freeze.recurring.map((item) => withoutNothing(item) as Recurrence),
});

/** The incident that a freeze is for, if any. */
export const incidentOf = (freeze: object): string | undefined => (freeze as { forIncident?: string | null }).forIncident ?? undefined;

/** What is not set is not there. */
const withoutNothing = (item: object) =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)));

/** The same recurrence at another pace: what belongs to the old one alone goes. */
export function paced(item: Recurrence, every: string): Recurrence {
  const { at, minutes, from, until } = item;
  const span = { at, minutes, ...(from ? { from } : {}), ...(until ? { until } : {}) };
  if (every === "weekly") return { every, days: item.days ?? ["friday"], ...span };
  const on = item.nth !== undefined ? { nth: item.nth, days: item.days ?? ["friday"] } : { day: item.day ?? 1 };
  return every === "yearly" ? { every, month: item.month ?? 12, ...on, ...span } : { every, ...on, ...span };
}

/** The body of a request; an update says no key. */
export const bodyOf = ({ key, forIncident, intervals, ...draft }: FreezeDraft, isNew: boolean) => ({
  ...(isNew ? { key } : {}),
  ...draft,
  ...(forIncident.trim() ? { forIncident: forIncident.trim() } : {}),
  intervals: intervals.map(({ from, to }) => ({ from, ...(to ? { to } : {}) })),
});

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** What is wrong with a draft, in words; `null` where the server may be asked. */
export function freezeProblem(draft: FreezeDraft): string | null {
  if (!KEY.test(draft.key)) return "The key has letters, digits, dots, hyphens and underscores; the first is a letter or digit.";
  if (draft.intervals.length + draft.recurring.length === 0) return "Say when: add a span, or something that comes again.";
  for (const [index, { from, to }] of draft.intervals.entries()) {
    if (!from) return `Say when span ${index + 1} begins.`;
    if (to && Date.parse(from) >= Date.parse(to)) return `Span ${index + 1} must end after it begins.`;
  }
  for (const [index, item] of draft.recurring.entries()) {
    if (item.every === "weekly" || item.nth !== undefined) {
      if (!item.days?.length) return `What comes again, ${index + 1}: choose a day of the week.`;
    }
    if (!/^\d\d:\d\d$/.test(item.at)) return `What comes again, ${index + 1}: say at what time it begins.`;
    if (!(item.minutes >= 1)) return `What comes again, ${index + 1}: say how long it lasts.`;
  }
  return null;
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
export const MONTH_NAMES: readonly string[] = MONTHS;

const capital = (day: string) => day[0]!.toUpperCase() + day.slice(1);
const joined = (words: readonly string[]) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);
const ordinal = (number: number) => (number === -1 ? "last" : `${number}${["th", "st", "nd", "rd"][number > 3 && number < 21 ? 0 : number % 10] ?? "th"}`);

/** How long something lasts: `2 d 15 h`. */
export function lengthText(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1_440), "d"],
    [Math.floor((minutes % 1_440) / 60), "h"],
    [minutes % 60, "min"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** A recurrence in words: `every Friday at 17:00 for 2 d 15 h`. */
export function recurrenceText(item: Recurrence): string {
  const days = (item.days ?? []).map(capital);
  const on = item.nth !== undefined ? `the ${ordinal(item.nth)} ${joined(days)}` : `the ${ordinal(item.day ?? 1)}`;
  const when =
    item.every === "weekly"
      ? `every ${joined(days)}`
      : item.every === "monthly"
        ? `every month on ${on}${item.day === -1 ? " day" : ""}`
        : `every year on ${on}${item.day === -1 ? " day" : ""} of ${MONTHS[(item.month ?? 1) - 1]}`;
  const limits = [item.from && `from ${item.from}`, item.until && `until ${item.until}`].filter(Boolean).join(" ");
  return `${when} at ${item.at} for ${lengthText(item.minutes)}${limits ? `, ${limits}` : ""}`;
}

/** Until when a span holds, in the reader's zone. */
export const untilText = (to: string | null | undefined) => (to ? `until ${moment(to)}` : "until it is lifted");

/** What a freeze covers, in words. */
export function scopeText(scope: Partial<Record<keyof Scope, readonly string[] | null>>): string {
  const parts = [
    scope.environmentTypes?.length ? `${joined(scope.environmentTypes)} environments` : "",
    scope.environments?.length ? `environment ${joined(scope.environments)}` : "",
    scope.projects?.length ? `in ${joined(scope.projects)}` : "",
    scope.tags?.length ? `flags tagged ${joined(scope.tags)}` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "everything" : parts.join(", ");
}

/** A span that the server told: given outright, the one that holds now, or the next. */
export type Span = { freeze: string; name: string; from: string; to: string | null; isNow: boolean };

/** When a span is over; one that has no end never is. */
const endOf = (to: string | null | undefined) => (to ? Date.parse(to) : Number.POSITIVE_INFINITY);

/** All spans that are known of the freezes that freeze, in order. Of what comes again that is the one of now and the next. */
export function spansOf(freezes: readonly Freeze[]): Span[] {
  const spans = freezes
    .filter((freeze) => freeze.enabled)
    .flatMap((freeze) => {
      const of = (isNow: boolean) => ({ from, to }: Interval) => ({ freeze: freeze.key, name: freeze.name || freeze.key, from, to: to ?? null, isNow });
      const told = [...(freeze.current ? [of(true)(freeze.current)] : []), ...(freeze.next ? [of(false)(freeze.next)] : [])];
      // What touches is told as one, so an interval may stand in it already.
      const within = ({ from, to }: Interval) => told.some((span) => Date.parse(span.from) <= Date.parse(from) && endOf(to) <= endOf(span.to));
      return [...told, ...freeze.intervals.filter((interval) => !within(interval)).map(of(false))];
    });
  return spans.toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from) || one.freeze.localeCompare(other.freeze));
}

/** A day in the reader's zone, as `2026-12-24`. */
export const dayText = (date: Date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;

const WEEK = 7;

/** The weeks that a month has a part in, each from Monday to Sunday; every day at its midnight in the reader's zone. */
export function weeksOf(month: string): Date[][] {
  const [year, number] = month.split("-").map(Number) as [number, number];
  const before = (new Date(year, number - 1, 1).getDay() + WEEK - 1) % WEEK;
  const length = new Date(year, number, 0).getDate();
  return Array.from({ length: Math.ceil((before + length) / WEEK) }, (_, week) =>
    Array.from({ length: WEEK }, (_, day) => new Date(year, number - 1, 1 - before + week * WEEK + day)),
  );
}

/** The month so many after another. */
export function monthAfter(month: string, count: number): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return dayText(new Date(year, number - 1 + count, 1)).slice(0, 7);
}

/** The spans that take a part of a day, and whether it is their first or last. */
export function onDay(spans: readonly Span[], day: Date): (Span & { isFirst: boolean; isLast: boolean })[] {
  const begin = day.getTime();
  const end = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
  return spans
    .filter((span) => Date.parse(span.from) < end && endOf(span.to) > begin)
    .map((span) => ({ ...span, isFirst: Date.parse(span.from) >= begin, isLast: endOf(span.to) <= end }));
}
