import type { Delegation } from "../api/queries";

/** How a delegation stands at a time. */
export function standingOf({ validFrom, validTo }: Pick<Delegation, "validFrom" | "validTo">, now = Date.now()): "later" | "now" | "over" {
  if (Date.parse(validTo) <= now) return "over";
  return Date.parse(validFrom) > now ? "later" : "now";
}

/** For what it holds, in words. */
export function scopeText({ project, environments }: Pick<Delegation, "project" | "environments">): string {
  if (!project) return "everything";
  return environments.length === 0 ? project : `${environments.join(", ")} of ${project}`;
}

type Able = { subject: string; delegates: readonly { subject: string; delegation: string }[] };

/** For whom somebody may vote, and by which delegation: for each of them once. */
export function votesFor(people: readonly Able[], me: string): { subject: string; delegation: string }[] {
  return people.flatMap((person) => {
    const mine = person.delegates.find((item) => item.subject === me);
    return mine ? [{ subject: person.subject, delegation: mine.delegation }] : [];
  });
}
