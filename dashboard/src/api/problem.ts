import type { components } from "./schema";

/** What the server says is wrong (RFC 9457); docs/problems.md lists the types. */
export type Problem = components["schemas"]["Problem"];

const BASE = "https://halyard.dev/problems/";

/** An answer that is no success. */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfter: number | null = null,
  ) {
    super(problem.detail ?? problem.title);
    this.name = "ProblemError";
  }

  get status(): number {
    return this.problem.status;
  }

  /** The type's last part: `denied`, `invalid`, … */
  get kind(): string {
    return this.problem.type.startsWith(BASE) ? this.problem.type.slice(BASE.length) : this.problem.type;
  }

  /** All that is wrong with the input, by the JSON pointer of where. */
  get fields(): ReadonlyMap<string, string> {
    return new Map((this.problem.errors ?? []).map((error) => [error.pointer, error.message]));
  }
}

/** The problem in an answer, or one that says what came instead. */
export function problemOf(response: Response, body: unknown): ProblemError {
  const retry = Number(response.headers.get("Retry-After"));
  const wait = Number.isFinite(retry) && retry > 0 ? retry : null;
  if (isProblem(body)) return new ProblemError(body, wait);
  return new ProblemError(
    { type: "unexpected", title: "The server answered something unexpected", status: response.status, detail: null, errors: null },
    wait,
  );
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "type" in body && "title" in body && "status" in body;
}

/**
 * Whether the server said no, so that sending again is another try. Where no answer came, or the server could not say what became of it, the
 * same request is sent again under the same key, and is done once.
 */
export const wasRefused = (error: unknown): boolean => error instanceof ProblemError && error.status >= 400 && error.status < 500;
