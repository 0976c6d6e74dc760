import type { ChangeRequest } from "../api/queries";

/** How the states of a change request are called and coloured. */
const STATES: Record<string, { words: string; colour: string }> = {
  draft: { words: "draft", colour: "gray" },
  pending: { words: "waits for approval", colour: "signal" },
  approved: { words: "approved", colour: "tide" },
  scheduled: { words: "scheduled", colour: "tide" },
  applying: { words: "is being applied", colour: "tide" },
  applied: { words: "applied", colour: "tide" },
  changes_requested: { words: "changes requested", colour: "signal" },
  rejected: { words: "rejected", colour: "flare" },
  cancelled: { words: "cancelled", colour: "gray" },
  expired: { words: "expired", colour: "gray" },
  superseded: { words: "superseded", colour: "gray" },
  conflicted: { words: "in conflict", colour: "flare" },
  apply_failed: { words: "could not be applied", colour: "flare" },
};

export const stateOf = (state: string) => STATES[state] ?? { words: state, colour: "gray" };

/** The views of the inbox. */
export const REQUEST_VIEWS = ["open", "waiting", "mine", "all"] as const;

const FINAL = new Set(["applied", "rejected", "cancelled", "expired", "superseded"]);

export const isOpen = (request: Pick<ChangeRequest, "state">) => !FINAL.has(request.state);

const VOTABLE = new Set(["pending", "approved", "scheduled", "changes_requested"]);

/** Whether anybody may still vote: else who could approve says nothing. */
export const isVotable = (request: Pick<ChangeRequest, "state">) => VOTABLE.has(request.state);

type Person = { subject: string; may: (action: string) => boolean };

/** What somebody is offered to do to a request. The server decides; what is never possible is not offered. */
export function offersOf(request: ChangeRequest, { subject, may }: Person) {
  const isMine = request.requester === subject || request.editors.includes(subject);
  const hasVoted = request.votes.some((vote) => vote.voter === subject);
  const canVote = isVotable(request) && !isMine && may("change-request.vote");
  return {
    isMine,
    hasVoted,
    approve: canVote && (request.canApprove ?? []).includes(subject),
    refuse: canVote,
    withdraw: hasVoted && VOTABLE.has(request.state),
    comment: isOpen(request) && may("change-request.comment"),
    cancel: isOpen(request) && request.state !== "applying" && (isMine || may("change-request.cancel")),
    rebase: request.state === "conflicted" && (isMine || may("change-request.edit")),
    apply: (request.state === "approved" || request.state === "scheduled") && may("change-request.apply"),
  };
}
