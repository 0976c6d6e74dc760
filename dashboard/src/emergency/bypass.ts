import type { Bypass, Environment } from "../api/queries";
import type { FlagModel } from "../flags/model";

/** How the states of a bypass are called and coloured. */
const STATES: Record<string, { words: string; colour: string }> = {
  waiting: { words: "waits for agreement", colour: "signal" },
  applied: { words: "in effect", colour: "flare" },
  ratified: { words: "ratified", colour: "tide" },
  refused: { words: "refused", colour: "flare" },
  reverted: { words: "undone", colour: "gray" },
  superseded: { words: "superseded", colour: "gray" },
  lapsed: { words: "lapsed", colour: "gray" },
};

export const stateOf = (state: string) => STATES[state] ?? { words: state, colour: "gray" };

/** What a bypass makes a flag serve, as the end of a sentence that begins with the flag. */
const KINDS: Record<string, string> = {
  off: "switched off",
  "last-known-good": "back to what was good",
  fallback: "on its emergency variant",
  temporary: "changed for a time",
};

export const kindOf = (kind: string) => KINDS[kind] ?? kind;

/** What is still owed for a bypass, in words. */
export function owed(bypass: Pick<Bypass, "state" | "review" | "appliedAt">): string[] {
  if (!bypass.appliedAt) return [];
  return [...(bypass.state === "applied" ? ["ratification"] : []), ...(bypass.review ? [] : ["a review"])];
}

/** When something happens by itself, and what; nothing where nothing does. */
export function endOf(bypass: Pick<Bypass, "state" | "createdAt" | "appliedAt" | "lapsesAt" | "revertAt">) {
  if (bypass.state === "waiting" && bypass.lapsesAt) return { what: "lapses" as const, from: bypass.createdAt, at: bypass.lapsesAt };
  if (bypass.revertAt) return { what: "is undone" as const, from: bypass.appliedAt ?? bypass.createdAt, at: bypass.revertAt };
  return null;
}

type Person = { subject: string; may: (action: string) => boolean };

/** What somebody is offered to do about a bypass. The server decides; what is never possible is not offered. */
export function offersOf(bypass: Bypass, { subject, may }: Person) {
  const isMine = bypass.requester === subject;
  const hasAgreed = bypass.confirmations.some((item) => item.by === subject);
  const hasRatified = bypass.ratifications.some((item) => item.by === subject);
  const mayJudge = bypass.state === "applied" && !isMine && !hasAgreed && may("bypass.ratify");
  return {
    isMine,
    hasAgreed,
    hasRatified,
    confirm: bypass.state === "waiting" && !isMine && !hasAgreed && may("bypass.confirm"),
    ratify: mayJudge && !hasRatified,
    refuse: mayJudge,
    review: Boolean(bypass.appliedAt) && !bypass.review && !isMine && may("bypass.review"),
  };
}

/** Something that an emergency can do to a flag in an environment. */
export type Choice = { value: string; label: string; environment: Environment; operation: { op: string } & Record<string, unknown>; minutes?: number };

const HOUR = 60;
const DAY = 24 * HOUR;

/** All that can be done to a flag in an emergency, environment by environment. */
export function choicesOf(project: string, flag: FlagModel, environments: readonly Environment[]): Choice[] {
  return environments.flatMap((environment) => {
    const now = flag.environments[environment.key];
    if (!now) return [];
    const choice = (what: string, label: string, op: string, members: object = {}, minutes?: number): Choice => ({
      value: `${what} ${environment.key}`,
      label,
      environment,
      operation: { op, project, flag: flag.key, environment: environment.key, ...members },
      ...(minutes ? { minutes } : {}),
    });
    const switchOn = (minutes: number, words: string) => choice(`on-${minutes}`, `Switch it on for ${words}`, "setEnabled", { enabled: true }, minutes);
    return [
      ...(now.enabled ? [choice("off", "Switch it off", "setEnabled", { enabled: false })] : []),
      ...(now.fallbackVariant ? [choice("fallback", `Serve the emergency variant, ${now.fallbackVariant}`, "serveFallback")] : []),
      // Before a flag's first change there is nothing to go back to.
      ...(flag.revision > 1 ? [choice("last-good", "Go back to the last good configuration", "serveLastGood")] : []),
      ...(now.enabled ? [] : [switchOn(HOUR, "an hour"), switchOn(DAY, "a day")]),
    ];
  });
}

/** What is most likely wanted: to switch it off where one was looking, else in production. */
export function likeliest(choices: readonly Choice[], looking: string | undefined): Choice | undefined {
  const off = choices.filter((item) => item.value.startsWith("off "));
  return (
    off.find((item) => item.environment.key === looking) ??
    off.find((item) => item.environment.type === "production") ??
    choices.find((item) => item.environment.key === looking) ??
    choices[0]
  );
}
