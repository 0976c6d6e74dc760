import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Fragment, lazy, Suspense } from "react";
import { type Entry, entryQuery } from "../api/queries";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { Failure, Rows } from "../common/States";
import { Time } from "../common/Time";
import classes from "./Audit.module.css";
import { patchOf, sentence } from "./EntryList";
import { PatchView } from "./PatchView";
import { ProofBox } from "./ProofBox";
import { RevealBox } from "./RevealBox";

const Editor = lazy(() => import("../common/Editor"));

/** One entry of the log: what happened, who and why, the entry as it stands in the log, and the proof that it does. */
export function EntryPage() {
  const { entry: id } = useParams({ from: "/shell/audit/$entry" });
  const entry = useQuery(entryQuery(id));
  return (
    <>
      <PageHeader
        title={`Entry ${id}`}
        above={
          <Link to="/audit" search={{}} size="xs">
            Audit log
          </Link>
        }
      >
        {entry.data && <Text size="md">{sentence(entry.data)}</Text>}
      </PageHeader>
      {entry.isPending && <Rows count={8} />}
      {entry.isError && <Failure error={entry.error} retry={() => entry.refetch()} />}
      {entry.data && (
        <div className={classes.columns}>
          <Stack gap="lg">
            <section>
              <Title order={2} mb={10}>
                What happened
              </Title>
              <Facts entry={entry.data} />
            </section>
            {patchOf(entry.data).length > 0 && (
              <section>
                <Title order={2} mb={10}>
                  What changed
                </Title>
                <PatchView patch={patchOf(entry.data)} />
              </section>
            )}
            <section>
              <Title order={2} mb={10}>
                How it came about
              </Title>
              <Context entry={entry.data} />
            </section>
            <section>
              <Title order={2} mb={4}>
                As it stands in the log
              </Title>
              <Text size="sm" c="dimmed" mb={8}>
                Personal values stand here as commitments; erasing somebody breaks no proof.
              </Text>
              <Suspense fallback={<Rows count={6} />}>
                <Editor language="json" value={JSON.stringify(entry.data.leaf, null, 2)} readOnly label="The entry as it stands in the log" />
              </Suspense>
            </section>
          </Stack>
          <Stack gap="md">
            <ProofBox entry={entry.data} />
            <RevealBox entry={entry.data} />
          </Stack>
        </div>
      )}
    </>
  );
}

type Leaf = {
  resource?: { kind: string; key: string; rev_from: number; rev_to: number } | null;
  why?: { cr?: string | null; approvals?: string[] } | null;
  decision?: { verdict: string; policy: string } | null;
  actor?: { auth?: string | null; cred?: string | null } | null;
  req?: { id?: string | null; session?: string | null; idem?: string | null; trace?: string | null } | null;
};

function Facts({ entry }: { entry: Entry }) {
  const leaf = entry.leaf as Leaf;
  const { resource } = leaf;
  return (
    <dl className={classes.facts}>
      <dt>When</dt>
      <dd>
        <Time at={entry.effectiveAt} form="moment" />
        {entry.imported && (
          <>
            , imported <Time at={entry.at} form="moment" />
          </>
        )}
      </dd>
      <dt>Who</dt>
      <dd>
        {entry.actor.name ?? entry.actor.subject} <Text span size="xs" c="dimmed">{entry.actor.kind}</Text>
      </dd>
      {entry.reason && (
        <>
          <dt>Why</dt>
          <dd>“{entry.reason}”</dd>
        </>
      )}
      <dt>What</dt>
      <dd>
        <Group gap={6}>
          <code>{entry.type}</code>
          {entry.actions.map((action) => (
            <Badge key={action} color="gray">
              {action}
            </Badge>
          ))}
          {!entry.succeeded && <Badge color="flare">denied</Badge>}
        </Group>
      </dd>
      {resource && (
        <>
          <dt>Of</dt>
          <dd>
            {resource.kind}{" "}
            {resource.kind === "flag" && entry.project ? (
              <Link to="/projects/$project/flags/$flag" params={{ project: entry.project, flag: resource.key }} search={{}} className="key">
                {resource.key}
              </Link>
            ) : (
              <code>{resource.key}</code>
            )}
            {resource.rev_to > resource.rev_from && `, revision ${resource.rev_from} → ${resource.rev_to}`}
          </dd>
        </>
      )}
      {entry.environments.length > 0 && (
        <>
          <dt>Where</dt>
          <dd>{entry.environments.join(", ")}</dd>
        </>
      )}
      {entry.ticket && (
        <>
          <dt>Ticket</dt>
          <dd>{entry.ticket}</dd>
        </>
      )}
      {leaf.why?.cr && (
        <>
          <dt>Change request</dt>
          <dd>
            <Link to="/requests/$id" params={{ id: leaf.why.cr }} className="key">
              {leaf.why.cr}
            </Link>
          </dd>
        </>
      )}
      {leaf.decision && (
        <>
          <dt>Decided by</dt>
          <dd>
            {leaf.decision.policy}: {leaf.decision.verdict}
          </dd>
        </>
      )}
    </dl>
  );
}

/** By which request: what leads to the same one in the server's own log, and to all else that was done in the session. */
function Context({ entry }: { entry: Entry }) {
  const { actor, req } = entry.leaf as Leaf;
  const facts = [
    ["Logged in by", actor?.auth],
    ["Credential", actor?.cred],
    ["Session", req?.session],
    ["Request", req?.id],
    ["Trace", req?.trace],
    ["Idempotency key", req?.idem],
  ].filter((fact): fact is [string, string] => typeof fact[1] === "string" && fact[1] !== "");
  if (facts.length === 0) return <Text c="dimmed">By no request: the server did it by itself, or it was imported.</Text>;
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>
            <code>{value}</code>
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
