/** Days in words that one can judge: "30 days", "7 years". */
export function daysText(days: number): string {
  if (days > 0 && days % 365 === 0) return days === 365 ? "a year" : `${days / 365} years`;
  return days === 1 ? "a day" : `${days.toLocaleString("en")} days`;
}

const MINIMUM = /^\s*([a-z][a-z0-9._-]*)\s*=\s*(\d{1,5})\s*$/;

/** "change_request. = 2555" as type and days. */
export function minimumOf(text: string): [type: string, days: number] | null {
  const parts = MINIMUM.exec(text);
  return parts ? [parts[1]!, Number(parts[2])] : null;
}

export const minimumText = (type: string, days: number) => `${type} = ${days}`;

/** What is wrong with a setting while it is typed. */
export function retentionProblem(archive: number | undefined, keep: number | undefined, minimum: readonly string[]): string | null {
  if (keep !== undefined && archive === undefined) return "Only what is archived is purged: say when it is archived.";
  if (keep !== undefined && archive !== undefined && keep < archive) return "Nothing is purged before it is archived.";
  const wrong = minimum.find((item) => minimumOf(item) === null);
  return wrong === undefined ? null : `“${wrong}” is no type and days: change_request. = 2555`;
}
