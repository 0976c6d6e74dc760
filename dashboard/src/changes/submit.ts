import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { post } from "../api/client";
import type { ChangeAnswer, Preview } from "../api/queries";
import { queryClient } from "../shell/query-client";
import type { Operation } from "./operations";
import type { Schedule } from "./schedule";

/** How it is to be done: when, and whether despite a freeze. What people vote on has it in it. */
export type Terms = { schedule?: Schedule | undefined; despiteFreezes?: boolean };
export type Wrapping = { reason: string; ticket: string } & Terms;

/** Stands for a reason that is still to be written: a dry run writes nothing, and says whether one is demanded. */
const NOT_YET = "(not written yet)";

const bodyOf = (operations: readonly Operation[], { reason, ticket, schedule, despiteFreezes }: Wrapping) => ({
  operations,
  reason: reason.trim(),
  ...(schedule ? { schedule } : {}),
  ...(despiteFreezes ? { despiteFreezes } : {}),
  ...(ticket.trim() ? { ticket: ticket.trim() } : {}),
});

/** What a change would do and need; nothing is written. */
export const previewQuery = (project: string, operations: readonly Operation[], terms: Terms = {}) =>
  queryOptions({
    queryKey: ["project", project, "preview", operations, terms],
    queryFn: async ({ signal }) =>
      (await post("/api/v1/projects/{project}/changes", {
        path: { project },
        query: { dryRun: true },
        body: bodyOf(operations, { reason: NOT_YET, ticket: "", ...terms }) as never,
        signal,
      })) as unknown as Preview,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 5_000,
  });

/** Whether a change like this one must say why. */
export const demandsReason = (preview: Preview | undefined) =>
  preview?.environments.some((environment) => environment.type === "production") ?? false;

/** An idempotency key; also where the page has no secure context and so no `randomUUID`. */
export const freshKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Submits a change. The same key sent again cannot apply it twice. */
export async function submitChange(project: string, operations: readonly Operation[], wrapping: Wrapping, key: string) {
  const answer = (await post("/api/v1/projects/{project}/changes", {
    path: { project },
    body: bodyOf(operations, wrapping) as never,
    headers: { "Idempotency-Key": key },
  })) as unknown as ChangeAnswer;
  await refreshProject(project);
  return answer;
}

/** What was read of a project, and what its changes are told in, is no longer true. */
export const refreshProject = (project: string) =>
  Promise.all(
    [["project", project], ["requests"], ["request"], ["audit"]].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  );

