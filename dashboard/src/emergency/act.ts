import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { post } from "../api/client";
import type { Bypass, ChangeAnswer } from "../api/queries";
import { refreshProject } from "../changes/submit";
import { queryClient } from "../shell/query-client";
import { stateOf } from "./bypass";

export type Verb = "confirm" | "ratify" | "refuse" | "review";

const DONE: Record<Verb, string> = { confirm: "Agreed", ratify: "Ratified", refuse: "Refused", review: "Reviewed" };

/** Does something about a bypass. */
export function useBypassAct(bypass: Bypass) {
  return useMutation({
    mutationFn: async ({ verb, body }: { verb: Verb; body: object }) =>
      (await post(`/api/v1/bypasses/{id}/${verb}` as "/api/v1/bypasses/{id}/confirm", {
        path: { id: bypass.id },
        body: body as never,
      })) as ChangeAnswer,
    onSuccess: async (answer, { verb }) => {
      await Promise.all([refreshProject(bypass.project), queryClient.invalidateQueries({ queryKey: ["tenant"] })]);
      const state = answer.bypass?.state;
      notifications.show({ color: "tide", title: DONE[verb], message: state ? `It is now: ${stateOf(state).words}.` : null });
    },
  });
}
