import { ProblemError } from "../api/problem";
import type { Schemas } from "../api/client";
import type { TextProblem } from "../common/Editor";

export type Module = Schemas["PolicyModuleBody"];

const PLACE = /^line (\d+), column (\d+): (.*)$/s;
const FILE = /\/modules\/(\d+)\/text$/;

/** What the server says is wrong with a policy: by file, with its place; the rest is for the policy as a whole. */
export function policyProblems(error: unknown): { files: Map<number, TextProblem[]>; rest: string[] } {
  const files = new Map<number, TextProblem[]>();
  const rest: string[] = [];
  const errors = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  for (const { pointer, message } of errors) {
    const file = FILE.exec(pointer)?.[1];
    const place = PLACE.exec(message);
    if (file === undefined || !place) {
      rest.push(`${pointer} ${message}`.trim());
      continue;
    }
    const problem = { line: Number(place[1]), column: Number(place[2]), message: place[3]! };
    files.set(Number(file), [...(files.get(Number(file)) ?? []), problem]);
  }
  return { files, rest };
}

/** A question made up, as `policies/inputs.json` has them. */
export type Case = { name?: string; expect?: { kind?: string } } & Record<string, unknown>;

export const MOST_CASES = 50;

/** Reads the cases that were typed: a list of them, or a file that has them under `cases`. */
export function readCases(text: string): { cases: Case[]; problem?: string } {
  try {
    const json: unknown = JSON.parse(text);
    const cases = Array.isArray(json) ? json : (json as { cases?: unknown } | null)?.cases;
    if (!Array.isArray(cases) || cases.some((item) => typeof item !== "object" || item === null || Array.isArray(item)))
      return { cases: [], problem: "Write a list of questions: [ { … }, { … } ]" };
    if (cases.length === 0) return { cases: [], problem: "Write one question at least." };
    if (cases.length > MOST_CASES) return { cases: [], problem: `At most ${MOST_CASES} are asked at once; there are ${cases.length}.` };
    return { cases: cases as Case[] };
  } catch (broken) {
    return { cases: [], problem: broken instanceof Error ? broken.message : "Is no JSON." };
  }
}

/** What a case says that it expects, as verdicts are called; undefined where it says nothing. */
export const expected = ({ expect }: Case): "allow" | "deny" | undefined =>
  expect?.kind === undefined ? undefined : expect.kind === "always" ? "allow" : "deny";

export const EXAMPLES = `[
  {
    "name": "a developer switches a flag on in production",
    "actor": { "roles": ["developer"] },
    "checks": [
      {
        "actions": ["flag.enabled"],
        "resource": { "kind": "flag", "project": "web", "key": "checkout", "environment": "prod", "environmentType": "production" }
      }
    ],
    "expect": { "kind": "never" }
  },
  {
    "name": "a developer reads a flag",
    "actor": { "roles": ["developer"] },
    "checks": [{ "actions": ["flag.read"], "resource": { "kind": "flag", "project": "web", "key": "checkout" } }],
    "expect": { "kind": "always" }
  }
]
`;

/** A name that no file has yet. */
export function freshName(modules: readonly Module[]): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? "own.rego" : `own-${number}.rego`;
    if (!modules.some((module) => module.name === name)) return name;
  }
}
