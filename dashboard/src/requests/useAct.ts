import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { post } from "../api/client";
import type { ChangeAnswer, ChangeRequest } from "../api/queries";
import { refreshProject } from "../changes/submit";
import { queryClient } from "../shell/query-client";
import { stateOf } from "./states";

export type Verb = "approve" | "reject" | "request-changes" | "withdraw-vote" | "cancel" | "rebase" | "apply" | "comment";

const DONE: Record<Exclude<Verb, "comment">, string> = {
  approve: "Approved",
  reject: "Rejected",
  "request-changes": "Changes requested",
  "withdraw-vote": "Vote taken back",
  cancel: "Cancelled",
  rebase: "Prepared anew",
  apply: "Looked at again",
};

/** Does something to a request. Votes name the content that was on the screen, so that nobody approves what they have not seen. */
export function useAct(request: ChangeRequest) {
  return useMutation({
    mutationFn: async ({ verb, text, delegation }: { verb: Verb; text: string; delegation?: string }) => {
      const isVote = verb === "approve" || verb === "reject" || verb === "request-changes";
      const words = text.trim();
      const body = verb === "comment" ? { text: words } : words ? { [isVote ? "comment" : "reason"]: words } : {};
      return (await post(`/api/v1/change-requests/{id}/${verb}` as "/api/v1/change-requests/{id}/approve", {
        path: { id: request.id },
        body: { ...body, ...(delegation ? { delegation } : {}) } as never,
        headers: isVote ? { "If-Match": `"${request.hash}"` } : {},
      })) as ChangeAnswer;
    },
    onSuccess: async (answer, { verb }) => {
      // What belongs to no project may be policies, roles or checks.
      if (!request.project)
        await Promise.all([["policies"], ["tenant"], ["me"]].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
      await refreshProject(request.project ?? "");
      if (verb === "comment") return;
      const state = answer.changeRequest?.state;
      notifications.show({ color: "tide", title: DONE[verb], message: state ? `It ${stateOf(state).words}.` : null });
    },
  });
}
