import { queryOptions } from "@tanstack/react-query";
import { get } from "../../api/client";
import { ProblemError } from "../../api/problem";
import type { Flag } from "../../api/queries";

/**
 * A flag at the revision on which a change was prepared: most were written then. Where it was rebased since, the log knows the time;
 * whoever may not read that gets null, and so does whoever asks for what is no longer told.
 */
export const baseQuery = (project: string, flag: string, revision: number, writtenAt: string, mayReadLog: boolean) =>
  queryOptions({
    queryKey: ["project", project, "flag", flag, "revision", revision],
    queryFn: async (): Promise<Flag | null> => {
      const then = await flagAt(project, flag, writtenAt);
      if (then?.revision === revision) return then;
      const time = mayReadLog ? await timeOf(project, flag, revision) : null;
      const found = time ? await flagAt(project, flag, time) : null;
      return found?.revision === revision ? found : null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

async function flagAt(project: string, flag: string, at: string): Promise<Flag | null> {
  try {
    return await get("/api/v1/projects/{project}/flags/{flag}", { path: { project, flag }, query: { at } });
  } catch (problem) {
    if (problem instanceof ProblemError && problem.status === 404) return null;
    throw problem;
  }
}

const MOST_PAGES = 10;

/** When the log says that a revision was made. */
async function timeOf(project: string, flag: string, revision: number): Promise<string | null> {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next } = await get("/api/v1/projects/{project}/flags/{flag}/history", {
      path: { project, flag },
      query: { limit: 200, cursor },
    });
    const made = items.find(({ leaf }) => {
      const { resource } = leaf as { resource?: { kind?: string; key?: string; rev_from?: number; rev_to?: number } | null };
      return resource?.kind === "flag" && resource.key === flag && resource.rev_to === revision && resource.rev_from !== revision;
    });
    if (made) return made.effectiveAt;
    if (!next) return null;
    cursor = next;
  }
  return null;
}
