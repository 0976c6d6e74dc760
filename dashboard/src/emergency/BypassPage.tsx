import { Alert, Badge, Button, Card, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Bypass, bypassQuery } from "../api/queries";
import list from "../changes/DiffList.module.css";
import { Countdown } from "../common/Countdown";
import { Icon } from "../common/Icon";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { People } from "../common/People";
import { Failure, Rows } from "../common/States";
import { Time } from "../common/Time";
import { exactly } from "../common/time";
import { operationText } from "../requests/operation-text";
import requests from "../requests/Requests.module.css";
import { Progress } from "../requests/RequestsPage";
import { usePermissions } from "../session/session";
import { useBypassAct } from "./act";
import { endOf, kindOf, offersOf, stateOf } from "./bypass";
import classes from "./Emergency.module.css";
import { History } from "./History";
import { ReviewForm } from "./ReviewForm";

/** One bypass: what it did and for how long, who agreed, what is owed for it, and what one may do about it. */
export function BypassPage() {
  const { id } = useParams({ from: "/shell/emergency/$id" });
  const bypass = useQuery(bypassQuery(id));
  const { me, may } = usePermissions();
  const above = (
    <Link to="/emergency" search={{}} size="xs">
      Emergency
    </Link>
  );
  // What is being written stays where asking again fails.
  if (bypass.data === undefined || !me) {
    return (
      <>
        <PageHeader title="Emergency bypass" above={above} />
        {bypass.isError ? <Failure error={bypass.error} retry={() => bypass.refetch()} /> : <Rows count={8} />}
      </>
    );
  }
  const { data } = bypass;
  const state = stateOf(data.state);
  const offers = offersOf(data, { subject: me.subject, may });
  return (
    <>
      <PageHeader title={`${data.flag} ${kindOf(data.kind)}`} above={above}>
        <Group gap={8}>
          <Badge color={state.colour} size="lg">
            {state.words}
          </Badge>
          <Badge color="gray" size="lg">
            {data.severity}
          </Badge>
          {data.overdue && (
            <Badge color="flare" size="lg">
              overdue
            </Badge>
          )}
          <Text size="sm" c="dimmed">
            <People subjects={[data.requester]} /> asked <Time at={data.createdAt} /> for incident {data.incident}
            {data.verified ? ", which its source confirms" : ", which nobody confirmed"}
          </Text>
        </Group>
      </PageHeader>
      {bypass.isError && <Failure error={bypass.error} retry={() => bypass.refetch()} />}
      {data.waitsFor.length > 0 && (
        <Alert color="signal" icon={<Icon name="clock" />} mb="md" title="Nothing has changed yet">
          It waits for {data.waitsFor.join(", and for ")}.
        </Alert>
      )}
      <div className={`${requests.columns} ${classes.actFirst}`}>
        <Stack gap="lg">
          <section aria-label="What it does">
            <Title order={2} mb={10}>
              {data.appliedAt ? "What it did" : "What it would do"}
            </Title>
            <Effect bypass={data} />
          </section>
          <section aria-label="Why">
            <Title order={2} mb={6}>
              Why
            </Title>
            <Text>{data.justification}</Text>
          </section>
          <Review bypass={data} offered={offers.review} />
          <section aria-label="What happened">
            <Title order={2} mb={10}>
              What happened
            </Title>
            <History bypass={data} />
          </section>
        </Stack>
        <Stack gap="md">
          <End bypass={data} />
          <Actions bypass={data} offers={offers} />
          {data.appliedAt && <Owed bypass={data} />}
        </Stack>
      </div>
    </>
  );
}

function Effect({ bypass }: { bypass: Bypass }) {
  return (
    <div className={list.place}>
      <Group gap={8} mb={4}>
        <Link
          to="/projects/$project/flags/$flag"
          params={{ project: bypass.project, flag: bypass.flag }}
          search={{ env: bypass.environment }}
          className="key"
          fw={600}
        >
          {bypass.flag}
        </Link>
        <Badge color="gray">{bypass.environment}</Badge>
      </Group>
      <ul>
        {(bypass.operations as ({ op: string } & Record<string, unknown>)[]).map((operation, index) => (
          <li key={index}>
            <i className={list.sign} aria-hidden />
            <span>{operationText(operation)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const ENDS = {
  lapses: { title: "It lapses in", words: "unless the right people agree before." },
  "is undone": { title: "It is undone in", words: "unless it is ratified before." },
};

/** What happens by itself, and when. */
function End({ bypass }: { bypass: Bypass }) {
  const end = endOf(bypass);
  if (!end) return null;
  const { title, words } = ENDS[end.what];
  return (
    <Card component="section" aria-label={title}>
      <Title order={2} mb={4}>
        {title}
      </Title>
      <Countdown from={end.from} at={end.at} label={title} />
      <Text size="xs" c="dimmed" mt={8}>
        {exactly(end.at)}, {bypass.state === "refused" ? "by itself." : words}
      </Text>
    </Card>
  );
}

/** What one may do about it now, or why nothing. */
function Actions({ bypass, offers }: { bypass: Bypass; offers: ReturnType<typeof offersOf> }) {
  const act = useBypassAct(bypass);
  const [text, setText] = useState("");
  const isOpen = bypass.state === "waiting" || bypass.state === "applied";
  if (!offers.confirm && !offers.refuse) {
    const why = offers.isMine
      ? bypass.state === "waiting"
        ? "You asked for it, so somebody else must agree."
        : "You asked for it, so others ratify and review it."
      : offers.hasAgreed && bypass.state === "applied"
        ? "You agreed to it before it took effect, so others ratify or refuse it."
        : null;
    return isOpen && why ? (
      <Card component="section" aria-label="Decide">
        <Text size="sm" c="dimmed">
          {why}
        </Text>
      </Card>
    ) : null;
  }
  return (
    <Card component="section" aria-label="Decide">
      <Stack gap="sm">
        <Title order={2}>{offers.confirm ? "Do you agree?" : "Was it right?"}</Title>
        <Text size="sm" c="dimmed">
          {offers.confirm
            ? "With the agreement that it waits for it takes effect at once."
            : "Ratified, it stands for good. Refused, a change request to undo it is made."}
        </Text>
        {offers.refuse && (
          <Textarea
            label="Comment"
            description="Needed to refuse"
            autosize
            minRows={2}
            maxLength={4_096}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {act.isError && <Failure error={act.error} />}
        <Group gap="xs">
          {offers.confirm && (
            <Button color="flare" leftSection={<Icon name="bolt" size={16} />} loading={act.isPending} onClick={() => act.mutate({ verb: "confirm", body: {} })}>
              Agree
            </Button>
          )}
          {offers.ratify && (
            <Button
              leftSection={<Icon name="check" size={16} />}
              loading={act.isPending}
              onClick={() => act.mutate({ verb: "ratify", body: text.trim() ? { comment: text.trim() } : {} }, { onSuccess: () => setText("") })}
            >
              Ratify
            </Button>
          )}
          {offers.refuse && (
            <Button
              variant="light"
              color="flare"
              disabled={text.trim() === ""}
              loading={act.isPending}
              onClick={() => act.mutate({ verb: "refuse", body: { comment: text.trim() } }, { onSuccess: () => setText("") })}
            >
              Refuse
            </Button>
          )}
        </Group>
        {offers.hasRatified && (
          <Text size="sm" c="dimmed">
            You have ratified it.
          </Text>
        )}
      </Stack>
    </Card>
  );
}

/** What must still be done because of it, and until when. */
function Owed({ bypass }: { bypass: Bypass }) {
  const { given, needed, missing } = bypass.ratification;
  return (
    <Card component="section" aria-label="What is owed">
      <Title order={2} mb="sm">
        {bypass.open ? "What is owed" : "What was owed"}
      </Title>
      <Group justify="space-between">
        <Text size="sm" fw={580}>
          Ratification
        </Text>
        {bypass.state === "applied" ? <Progress given={given} needed={needed} /> : <Badge color={stateOf(bypass.state).colour}>{stateOf(bypass.state).words}</Badge>}
      </Group>
      {bypass.state === "applied" && missing.length > 0 && (
        <Text size="sm" c="dimmed">
          {missing.join("; ")}
        </Text>
      )}
      <Group justify="space-between" mt={8}>
        <Text size="sm" fw={580}>
          Review
        </Text>
        <Badge color={bypass.review ? "tide" : "signal"}>{bypass.review ? "done" : "not yet"}</Badge>
      </Group>
      {bypass.open && bypass.reviewDue && (
        <Text size="sm" c={bypass.overdue ? "var(--mantine-color-error)" : "dimmed"} mt={8}>
          {bypass.overdue ? "Was due" : "Due"} <Time at={bypass.reviewDue} />
          {bypass.overdue && ": further bypasses of the same people need a second person"}.
        </Text>
      )}
      {bypass.revertRequest && (
        <Text size="sm" mt={8}>
          <Link to="/requests/$id" params={{ id: bypass.revertRequest }}>
            The change request that would undo it
          </Link>
        </Text>
      )}
    </Card>
  );
}

/** What was found, or the form to say so. */
function Review({ bypass, offered }: { bypass: Bypass; offered: boolean }) {
  const { review } = bypass;
  if (!review) return offered ? <ReviewForm bypass={bypass} /> : null;
  return (
    <section aria-label="Review">
      <Title order={2} mb={6}>
        Review
      </Title>
      <Text>{review.findings}</Text>
      {review.actionItems.length > 0 && (
        <div className={list.place}>
          <Text size="sm" fw={580} mt="sm" mb={4}>
            To be done
          </Text>
          <ul aria-label="Action items">
            {review.actionItems.map((item, index) => (
              <li key={index}>
                <i className={list.sign} aria-hidden />
                <span>
                  {item.text}
                  {item.ticket && <span className="key"> {item.ticket}</span>}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
