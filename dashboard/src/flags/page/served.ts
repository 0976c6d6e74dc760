import type { Schemas } from "../../api/client";

type Hour = Schemas["HourAnswer"];

export const RANGES = {
  day: { hours: 24, each: 1, label: "24 hours" },
  week: { hours: 168, each: 6, label: "7 days" },
  month: { hours: 720, each: 24, label: "30 days" },
} as const;

export type Range = keyof typeof RANGES;

/** What was served in a stretch of time, by variant. */
export type Bar = { from: number; to: number; counts: Map<string, number>; total: number };

const HOUR = 3_600_000;

/** Stretches of equal length up to the hour that is under way, those in which nothing was served among them. */
export function barsOf(hours: readonly Hour[], range: Range, now: number): Bar[] {
  const { hours: all, each } = RANGES[range];
  const end = (Math.floor(now / HOUR) + 1) * HOUR;
  const bars = Array.from({ length: all / each }, (_, index): Bar => {
    const from = end - all * HOUR + index * each * HOUR;
    return { from, to: from + each * HOUR, counts: new Map(), total: 0 };
  });
  for (const { hour, variant, count } of hours) {
    const bar = bars[Math.floor((Date.parse(hour) - bars[0]!.from) / (each * HOUR))];
    if (!bar) continue;
    bar.counts.set(variant, (bar.counts.get(variant) ?? 0) + Number(count));
    bar.total += Number(count);
  }
  return bars;
}

/** How often each variant was served in all, the most frequent first. */
export function totalsOf(bars: readonly Bar[]): { variant: string; count: number }[] {
  const totals = new Map<string, number>();
  for (const { counts } of bars) for (const [variant, count] of counts) totals.set(variant, (totals.get(variant) ?? 0) + count);
  return [...totals]
    .map(([variant, count]) => ({ variant, count }))
    .toSorted((one, other) => other.count - one.count || one.variant.localeCompare(other.variant));
}

/** The top of the scale: 1, 2 or 5 with noughts, and not below the highest bar. */
export function scaleOf(bars: readonly Bar[]): number {
  const highest = Math.max(1, ...bars.map((bar) => bar.total));
  const step = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 5, 10].map((times) => times * step).find((top) => top >= highest)!;
}
