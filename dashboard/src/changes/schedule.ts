import type { Schemas } from "../api/client";

/** When a change may take effect; nothing for as soon as it may. */
export type Schedule = Schemas["ScheduleBody"];

export type ScheduleDraft = { isTimed: boolean; notBefore?: string | undefined; notAfter?: string | undefined };

/** What is wrong with it, or null; the server looks again. */
export function scheduleProblem({ isTimed, notBefore, notAfter }: ScheduleDraft, now = Date.now()): string | null {
  if (!isTimed) return null;
  if (!notBefore) return "Say from when on.";
  if (notAfter && Date.parse(notAfter) <= Date.parse(notBefore)) return "It must end after it begins.";
  return Date.parse(notAfter ?? notBefore) <= now ? "That is over already." : null;
}

/** As the server takes it; nothing where none is asked for, or it is not finished. */
export const scheduleOf = (draft: ScheduleDraft): Schedule | undefined =>
  draft.isTimed && draft.notBefore ? { notBefore: draft.notBefore, ...(draft.notAfter ? { notAfter: draft.notAfter } : {}) } : undefined;
