import { Alert, Badge, Box, Button, Card, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../api/client";
import { ProblemError } from "../api/problem";
import { type ChangeAnswer, type ChangeRequest, requestQuery } from "../api/queries";
import { TypeBadge } from "../changes/DiffList";
import { Needs } from "../changes/Needs";
import { refreshProject } from "../changes/submit";
import { Icon } from "../common/Icon";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { People, useNames } from "../common/People";
import { Failure, Rows } from "../common/States";
import { Time } from "../common/Time";
import { usePermissions } from "../session/session";
import { OperationList } from "./OperationList";
import classes from "./Requests.module.css";
import { Progress } from "./RequestsPage";
import { offersOf, stateOf } from "./states";

/** One change request: what it would do, what it still needs, what people said, and what one may do about it. */
export function RequestPage() {
  const { id } = useParams({ from: "/shell/requests/$id" });
  const request = useQuery(requestQuery(id));
  const above = (
    <Link to="/requests" search={{}} size="xs">
      Change requests
    </Link>
  );
  if (request.isError || request.isPending) {
    return (
      <>
        <PageHeader title="Change request" above={above} />
        {request.isError ? <Failure error={request.error} retry={() => request.refetch()} /> : <Rows count={8} />}
      </>
    );
  }
  const { data } = request;
  const state = stateOf(data.state);
  return (
    <>
      <PageHeader title={data.title || "Change request"} above={above}>
        <Group gap={8}>
          <Badge color={state.colour} size="lg">
            {state.words}
          </Badge>
          <Text size="sm" c="dimmed">
            <People subjects={[data.requester]} /> asked <Time at={data.createdAt} /> for{" "}
            {data.project ? (
              <Link to="/projects/$project/flags" params={{ project: data.project }} search={{}}>
                {data.project}
              </Link>
            ) : (
              "the organisation"
            )}
            {data.ticket && ` · ${data.ticket}`}
          </Text>
        </Group>
      </PageHeader>
      {data.remark && (
        <Alert color={state.colour} icon={<Icon name="info" />} mb="md">
          {data.remark}
        </Alert>
      )}
      <div className={classes.columns}>
        <Stack gap="lg">
          <section>
            <Title order={2} mb={10}>
              What it would do
            </Title>
            <OperationList request={data} />
          </section>
          <section>
            <Title order={2} mb={10}>
              What was said
            </Title>
            <Talk request={data} />
          </section>
        </Stack>
        <Stack gap="md">
          <Actions request={data} />
          <Card component="section" aria-label="Approvals">
            <Group justify="space-between" mb="sm">
              <Title order={2}>Approvals</Title>
              <Progress given={data.approvals.given} needed={data.approvals.needed} />
            </Group>
            <Needs requirement={data.requirement} canApprove={data.canApprove} />
            {data.approvals.missing.length > 0 && (
              <Text size="sm" mt="sm">
                Missing: {data.approvals.missing.join("; ")}
              </Text>
            )}
          </Card>
          <Card component="section" aria-label="Where">
            <Title order={2} mb={8}>
              Where
            </Title>
            <Stack gap={6}>
              {data.environments.map((environment) => (
                <Group key={environment.key} gap={8}>
                  <Text size="sm" className="key">
                    {environment.key}
                  </Text>
                  <TypeBadge type={environment.type} />
                </Group>
              ))}
            </Stack>
            <Text size="xs" c="dimmed" mt="sm">
              Votes are bound to this content:
            </Text>
            <span className={classes.hash}>{data.hash}</span>
          </Card>
        </Stack>
      </div>
    </>
  );
}

type Verb = "approve" | "reject" | "request-changes" | "withdraw-vote" | "cancel" | "rebase" | "apply" | "comment";

const DONE: Record<Verb, string> = {
  approve: "Approved",
  reject: "Rejected",
  "request-changes": "Changes requested",
  "withdraw-vote": "Vote taken back",
  cancel: "Cancelled",
  rebase: "Prepared anew",
  apply: "Looked at again",
  comment: "Said",
};

/** Does something to a request. Votes name the content that was on the screen, so that nobody approves what he has not seen. */
function useAct(request: ChangeRequest) {
  return useMutation({
    mutationFn: async ({ verb, text }: { verb: Verb; text: string }) => {
      const isVote = verb === "approve" || verb === "reject" || verb === "request-changes";
      const words = text.trim();
      const body = verb === "comment" ? { text: words } : words ? { [isVote ? "comment" : "reason"]: words } : {};
      return (await post(`/api/v1/change-requests/{id}/${verb}` as "/api/v1/change-requests/{id}/approve", {
        path: { id: request.id },
        body: body as never,
        headers: isVote ? { "If-Match": `"${request.hash}"` } : {},
      })) as ChangeAnswer;
    },
    onSuccess: async (answer, { verb }) => {
      await refreshProject(request.project ?? "");
      const state = answer.changeRequest?.state;
      notifications.show({ color: "tide", title: DONE[verb], message: state ? `It ${stateOf(state).words}.` : null });
    },
  });
}

function Actions({ request }: { request: ChangeRequest }) {
  const { me, may } = usePermissions();
  const act = useAct(request);
  const [text, setText] = useState("");
  if (!me) return null;
  const offers = offersOf(request, { subject: me.subject, may });
  const say = (verb: Verb) => act.mutate({ verb, text }, { onSuccess: () => setText("") });
  const isVoter = offers.approve || offers.refuse;
  if (!isVoter && !offers.withdraw && !offers.cancel && !offers.rebase && !offers.apply) return null;
  const hasWords = text.trim() !== "";
  return (
    <Card component="section" aria-label="Decide">
      <Stack gap="sm">
        <Title order={2}>{isVoter ? "Your vote" : "What you can do"}</Title>
        {offers.isMine && (
          <Text size="sm" c="dimmed">
            You asked for it, so others must approve it.
          </Text>
        )}
        {offers.refuse && !offers.approve && (
          <Text size="sm" c="dimmed">
            {offers.hasVoted ? "You have voted." : "None of your roles is asked for now; you may still speak against it."}
          </Text>
        )}
        {isVoter && (
          <Textarea
            label="Comment"
            description="Needed unless you approve"
            autosize
            minRows={2}
            maxLength={4_096}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {act.isError && (
          <Stack gap={6}>
            <Failure error={act.error} />
            {act.error instanceof ProblemError && act.error.kind === "content-changed" && (
              <Text size="sm">It was edited meanwhile. Reload the page and look at it again.</Text>
            )}
          </Stack>
        )}
        <Group gap="xs">
          {offers.approve && (
            <Button leftSection={<Icon name="check" size={16} />} loading={act.isPending} onClick={() => say("approve")}>
              Approve
            </Button>
          )}
          {offers.refuse && (
            <>
              <Button variant="default" disabled={!hasWords} onClick={() => say("request-changes")}>
                Request changes
              </Button>
              <Button variant="light" color="flare" disabled={!hasWords} onClick={() => say("reject")}>
                Reject
              </Button>
            </>
          )}
          {offers.apply && (
            <Button variant="default" loading={act.isPending} onClick={() => say("apply")}>
              Try to apply
            </Button>
          )}
          {offers.rebase && <Button onClick={() => say("rebase")}>Prepare it anew</Button>}
          {offers.withdraw && (
            <Button variant="default" onClick={() => say("withdraw-vote")}>
              Take my vote back
            </Button>
          )}
          {offers.cancel && (
            <Button variant="light" color="flare" onClick={() => say("cancel")}>
              Cancel the request
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}

const VOTES: Record<string, string> = { approve: "approved", reject: "rejected", request_changes: "requested changes" };

function Talk({ request }: { request: ChangeRequest }) {
  const { me, may } = usePermissions();
  const act = useAct(request);
  const [text, setText] = useState("");
  const said = [
    ...request.votes.map((vote) => ({ by: vote.voter, at: vote.at, text: vote.comment, vote: vote.vote })),
    ...request.comments.map((comment) => ({ by: comment.by, at: comment.at, text: comment.text, vote: null })),
  ].toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const name = useNames(said.map((item) => item.by));
  const mayComment = me && offersOf(request, { subject: me.subject, may }).comment;
  return (
    <Box>
      {said.length === 0 && (
        <Text size="sm" c="dimmed" mb="sm">
          Nobody has voted or said anything yet.
        </Text>
      )}
      <ul className={classes.talk}>
        {said.map((item, index) => (
          <li key={index} data-vote={item.vote ?? undefined}>
            <Text size="sm">
              <b>{name(item.by)}</b> {item.vote ? (VOTES[item.vote] ?? item.vote) : "said"}{" "}
              <Text span size="xs" c="dimmed">
                <Time at={item.at} />
              </Text>
            </Text>
            {item.text && <Text size="sm">{item.text}</Text>}
          </li>
        ))}
      </ul>
      {mayComment && (
        <Stack gap="xs">
          <Textarea
            aria-label="Comment"
            placeholder="Say something"
            autosize
            minRows={2}
            maxLength={4_096}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {act.isError && <Failure error={act.error} />}
          <Group>
            <Button
              variant="default"
              size="xs"
              loading={act.isPending}
              disabled={text.trim() === ""}
              onClick={() => act.mutate({ verb: "comment", text }, { onSuccess: () => setText("") })}
            >
              Comment
            </Button>
          </Group>
        </Stack>
      )}
    </Box>
  );
}
