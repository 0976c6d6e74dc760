import { Alert, Badge, Button, Card, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ProblemError } from "../api/problem";
import { approversQuery, type ChangeRequest, requestQuery } from "../api/queries";
import { TypeBadge } from "../changes/DiffList";
import { Needs } from "../changes/Needs";
import { Icon } from "../common/Icon";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { People, useNames } from "../common/People";
import { Failure, Rows } from "../common/States";
import { Time } from "../common/Time";
import { zone } from "../common/time";
import { votesFor } from "../policies/delegation";
import { usePermissions } from "../session/session";
import { Checks } from "./Checks";
import { Drift } from "./conflict/ThreeWay";
import { OperationList } from "./OperationList";
import { Outcome } from "./Outcome";
import classes from "./Requests.module.css";
import { Progress } from "./RequestsPage";
import { isVotable, offersOf, stateOf } from "./states";
import { Talk } from "./Talk";
import { useAct, type Verb } from "./useAct";

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
              {data.state === "applied" ? "What it did" : "What it would do"}
            </Title>
            <OperationList request={data} />
          </section>
          <Drift request={data} />
          <Outcome request={data} />
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
            <Needs requirement={data.requirement} canApprove={isVotable(data) ? data.canApprove : null} />
            {data.approvals.missing.length > 0 && (
              <Text size="sm" mt="sm">
                Missing: {data.approvals.missing.join("; ")}
              </Text>
            )}
          </Card>
          <Checks request={data} />
          {(data.schedule || data.despiteFreezes) && <Terms request={data} />}
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

/** When it may take effect, and whether a freeze is to make way: part of what people vote on. */
function Terms({ request: { schedule, despiteFreezes } }: { request: ChangeRequest }) {
  return (
    <Card component="section" aria-label="When">
      <Title order={2} mb={8}>
        When
      </Title>
      {schedule && (
        <Text size="sm">
          Not before <Time at={schedule.notBefore} form="moment" />
          {schedule.notAfter && (
            <>
              , and not after <Time at={schedule.notAfter} form="moment" />
            </>
          )}{" "}
          ({zone()}).
        </Text>
      )}
      {despiteFreezes && <Text size="sm">It asks for an exception to freezes.</Text>}
    </Card>
  );
}

function Actions({ request }: { request: ChangeRequest }) {
  const { me, may } = usePermissions();
  const act = useAct(request);
  const [text, setText] = useState("");
  const mayVote = me !== undefined && offersOf(request, { subject: me.subject, may }).refuse;
  const { data: approvers } = useQuery({ ...approversQuery(request.id), enabled: mayVote });
  const absent = me && mayVote ? votesFor(approvers?.people ?? [], me.subject) : [];
  const name = useNames(absent.map((item) => item.subject));
  if (!me) return null;
  const offers = offersOf(request, { subject: me.subject, may });
  const say = (verb: Verb, delegation?: string) =>
    act.mutate({ verb, text, ...(delegation ? { delegation } : {}) }, { onSuccess: () => setText("") });
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
            {offers.hasVoted ? "You have voted." : absent.length > 0 ? "None of your own roles is asked for now." : "None of your roles is asked for now; you may still speak against it."}
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
          {absent.map(({ subject, delegation }) => (
            <Button
              key={delegation}
              variant={offers.approve ? "default" : "filled"}
              leftSection={<Icon name="check" size={16} />}
              loading={act.isPending}
              onClick={() => say("approve", delegation)}
            >
              Approve for {name(subject)}
            </Button>
          ))}
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
