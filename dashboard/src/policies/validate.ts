import { queryOptions } from "@tanstack/react-query";
import { put } from "../api/client";
import { ProblemError } from "../api/problem";
import type { Preview } from "../api/queries";
import { type Misplaced, placesOf, type PolicyDocument } from "./documents";

/** What the server says of documents that are not in force: all that is wrong, or what putting them in force would need. */
export type Validation = { placed: Misplaced[]; others: string[]; preview: Preview | null };

/** Stands for a reason that is still to be written: a dry run writes nothing. */
const NOT_YET = "(not written yet)";

export const bodyOf = (documents: readonly PolicyDocument[]) =>
  documents.map(({ project, yaml }) => ({ ...(project ? { project } : {}), yaml }));

/** Has the server read documents as if they were put in force; nothing is written. */
export const validationQuery = (documents: readonly PolicyDocument[]) =>
  queryOptions({
    queryKey: ["policies", "validation", documents],
    queryFn: async ({ signal }): Promise<Validation> => {
      try {
        const preview = (await put("/api/v1/policies", {
          query: { dryRun: true },
          body: { policies: bodyOf(documents), reason: NOT_YET } as never,
          signal,
        })) as unknown as Preview;
        return { placed: [], others: [], preview };
      } catch (problem) {
        if (problem instanceof ProblemError && problem.kind === "invalid") return { ...placesOf(problem.problem.errors), preview: null };
        throw problem;
      }
    },
    retry: false,
    staleTime: 30_000,
  });
