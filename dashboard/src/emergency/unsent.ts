type Unsent = { choice: string; incident: string; severity: string; justification: string };

const PLACE = "halyard.bypass";

/** What was written and not sent, kept in this tab alone: an emergency may ask for a fresh log-in half way. */
export const remember = (flag: string, unsent: Unsent) => sessionStorage.setItem(PLACE, JSON.stringify({ flag, ...unsent }));

export const forget = (flag: string) => {
  if (read()?.flag === flag) sessionStorage.removeItem(PLACE);
};

/** What was written for this flag, if something was. */
export function recall(flag: string): Unsent | null {
  const kept = read();
  return kept?.flag === flag
    ? { choice: kept.choice, incident: kept.incident, severity: kept.severity, justification: kept.justification }
    : null;
}

const read = () => JSON.parse(sessionStorage.getItem(PLACE) ?? "null") as (Unsent & { flag: string }) | null;
