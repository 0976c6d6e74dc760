import { Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link as RouterLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { glancesQuery, ledgerQuery, requestsQuery } from "../api/queries";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { Empty, Failure, Rows } from "../common/States";
import { Time } from "../common/Time";
import classes from "../requests/Requests.module.css";
import { RequestList } from "../requests/RequestsPage";
import { isOpen } from "../requests/states";
import { usePermissions } from "../session/session";
import { useProject } from "../shell/Rail";

const SHOWN = 8;

/** What is going on: what waits, what changed, and whether the log is well. */
export function HomePage() {
  const { me, may } = usePermissions();
  const project = useProject();
  return (
    <>
      <PageHeader title={me?.name ? `Good day, ${me.name.split("@")[0]}` : "Home"} />
      <Stack gap={28}>
        <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm">
          {project && may("flag.read") && <FlagFigures project={project} />}
          {may("audit.read") && <LedgerFigure />}
        </SimpleGrid>
        {may("change-request.read") && <Waiting />}
        {project && may("flag.read") && <Recent project={project} />}
      </Stack>
    </>
  );
}

function Figure({ label, value, under }: { label: string; value: ReactNode; under?: ReactNode }) {
  return (
    <Card>
      <Text size="xs" c="dimmed" fw={560}>
        {label}
      </Text>
      <Text fz={26} fw={640} lh={1.25}>
        {value}
      </Text>
      <Text size="xs" c="dimmed">
        {under ?? " "}
      </Text>
    </Card>
  );
}

function FlagFigures({ project }: { project: string }) {
  const flags = useQuery(glancesQuery(project));
  const all = flags.data ?? [];
  const on = all.filter((flag) => Object.keys(flag.on).length > 0).length;
  const leaving = all.filter((flag) => flag.status === "deprecated").length;
  if (flags.isError) return <Failure error={flags.error} />;
  const figure = (value: number) => (flags.data ? value.toLocaleString() : "…");
  return (
    <>
      <Figure
        label="Flags"
        value={figure(all.length)}
        under={
          <Link to="/projects/$project/flags" params={{ project }} search={{}} size="xs">
            in {project}
          </Link>
        }
      />
      <Figure label="On somewhere" value={figure(on)} under={`${figure(all.length - on)} off everywhere`} />
      <Figure label="Deprecated" value={figure(leaving)} under="still in the code, on their way out" />
    </>
  );
}

function LedgerFigure() {
  const ledger = useQuery(ledgerQuery);
  if (ledger.isError) return <Failure error={ledger.error} />;
  const { size = 0, published } = ledger.data ?? {};
  return (
    <Figure
      label="Entries in the log"
      value={ledger.data ? Number(size).toLocaleString() : "…"}
      under={published ? `${Number(published.size).toLocaleString()} signed and published` : "none published yet"}
    />
  );
}

function Waiting() {
  const requests = useInfiniteQuery(requestsQuery({}));
  const open = (requests.data?.pages[0]?.items ?? []).filter(isOpen);
  return (
    <section>
      <Group justify="space-between" mb={10}>
        <Title order={2}>Waiting for approval</Title>
        <Link to="/requests" search={{}} size="sm">
          All requests
        </Link>
      </Group>
      {requests.isError ? (
        <Failure error={requests.error} retry={() => requests.refetch()} />
      ) : requests.isPending ? (
        <Rows count={2} height={56} />
      ) : open.length === 0 ? (
        <Text c="dimmed" size="sm">
          Nothing waits.
        </Text>
      ) : (
        <RequestList requests={open.slice(0, SHOWN)} />
      )}
    </section>
  );
}

/** The flags that changed last. The log knows who and why; reading it is an entry, so that is left to whoever asks. */
function Recent({ project }: { project: string }) {
  const flags = useQuery(glancesQuery(project));
  const last = (flags.data ?? []).toSorted((one, other) => Date.parse(other.updatedAt) - Date.parse(one.updatedAt)).slice(0, SHOWN);
  return (
    <section>
      <Group justify="space-between" mb={10}>
        <Title order={2}>Changed last</Title>
        <Link to="/projects/$project/flags" params={{ project }} search={{}} size="sm">
          All flags
        </Link>
      </Group>
      {flags.isError ? (
        <Failure error={flags.error} retry={() => flags.refetch()} />
      ) : flags.isPending ? (
        <Rows count={6} height={40} />
      ) : last.length === 0 ? (
        <Empty icon="flag" title="No flags yet" />
      ) : (
        <ul className={classes.list}>
          {last.map((flag) => (
            <li key={flag.key}>
              <RouterLink
                to="/projects/$project/flags/$flag"
                params={{ project, flag: flag.key }}
                search={{ tab: "history" }}
                preload={false}
                className={classes.row}
              >
                <span className={`${classes.title} key`}>{flag.key}</span>
                <span className={classes.about}>{[flag.owner, ...flag.tags].filter((part) => part !== "").join(" · ")}</span>
                <span className={classes.state}>
                  <Text size="xs" c="dimmed">
                    <Time at={flag.updatedAt} />
                  </Text>
                </span>
              </RouterLink>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
