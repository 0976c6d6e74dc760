import type { PolicySimulation } from "../api/queries";
import type { Problem } from "../api/problem";

/** One policy as it is written; without a project it is the organisation's, which no project's can loosen. */
export type PolicyDocument = { project: string | null; yaml: string };

/** Something wrong in a document, at a place of its text; both from 1. */
export type Misplaced = { document: number; line: number; column: number; message: string };

export const STARTER = `apiVersion: featureflags/v1
kind: ApprovalPolicy
metadata:
  name: production
  description: Who looks at what changes production
spec:
  rules:
    - name: production-changes
      conditions:
        - field: environment.type
          operator: equals
          value: production
      approval:
        required: true
        minApprovers: 1
        approverRoles: [tech-lead]
`;

/** The name that a document gives itself, for lists; the server reads it properly. */
export function nameOf(yaml: string): string {
  const name = /^metadata:[^\S\n]*\n(?:[^\S\n]+[^\n]*\n)*?[^\S\n]+name:[^\S\n]*["']?([A-Za-z0-9._-]+)/m.exec(yaml)?.[1];
  return name ?? "(without a name)";
}

/** How a document is found again in an address. */
export const addressOf = ({ project, yaml }: PolicyDocument) => (project ? `${project}/${nameOf(yaml)}` : nameOf(yaml));

/** Where a problem of a dry run lies. What names no place in a document is left to be told as it came. */
export function placesOf(errors: Problem["errors"]): { placed: Misplaced[]; others: string[] } {
  const placed: Misplaced[] = [];
  const others: string[] = [];
  for (const { pointer, message } of errors ?? []) {
    // An older server names them as those of the operation that it makes of the body.
    const document = /^(?:\/operations\/0)?\/policies\/(\d+)\/yaml$/.exec(pointer)?.[1];
    const found = /^line (\d+), column (\d+): (.*)$/s.exec(message);
    if (document === undefined) others.push(`${pointer} ${message}`.trim());
    else placed.push({ document: Number(document), line: Number(found?.[1] ?? 1), column: Number(found?.[2] ?? 1), message: found?.[3] ?? message });
  }
  return { placed, others };
}

/** Two runs of one simulation as one: what the second looked at comes after what the first did. */
export function together(first: PolicySimulation | undefined, second: PolicySimulation): PolicySimulation {
  if (!first) return second;
  return {
    changes: first.changes + second.changes,
    skipped: first.skipped + second.skipped,
    gated: first.gated + second.gated,
    newlyGated: first.newlyGated + second.newlyGated,
    newlyBlocked: first.newlyBlocked + second.newlyBlocked,
    newlyAllowed: first.newlyAllowed + second.newlyAllowed,
    withoutApprovers: first.withoutApprovers + second.withoutApprovers,
    differences: [...first.differences, ...second.differences],
    // Idle is what matched nothing in either.
    idleRules: first.idleRules.filter((rule) => second.idleRules.includes(rule)),
    notes: second.notes,
    next: second.next ?? null,
  };
}

const VERDICTS: Record<string, string> = { allow: "goes through", "require-approval": "needs approval", deny: "is denied" };

export const verdictText = (verdict: string) => VERDICTS[verdict] ?? verdict;

const DAY = 24 * 60 * 60 * 1_000;

/** Over how much of what was recorded a simulation goes. */
export const SPANS = [
  { value: "30", label: "The last 30 days" },
  { value: "90", label: "The last 90 days" },
  { value: "365", label: "The last year" },
  { value: "all", label: "All that is recorded" },
] as const;

/** When such a span begins, to the day, or nothing where it has no beginning. */
export const beginningOf = (span: string, now: number): string | undefined =>
  span === "all" ? undefined : new Date(Math.floor((now - Number(span) * DAY) / DAY) * DAY).toISOString();
