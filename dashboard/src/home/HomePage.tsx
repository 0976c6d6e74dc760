import { Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { auditQuery, glancesQuery, ledgerQuery, requestsQuery } from "../api/queries";
import { EntryList } from "../audit/EntryList";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { Empty, Failure, Rows } from "../common/States";
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
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
          {project && may("flag.read") && <FlagFigures project={project} />}
          {may("audit.read") && <LedgerFigure />}
        </SimpleGrid>
        {may("change-request.read") && <Waiting />}
        {may("audit.read") && <Recent />}
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

/** The last changes that somebody made; reading the log is left out here. */
function Recent() {
  const entries = useInfiniteQuery(auditQuery({ kind: "flag" }));
  const shown = (entries.data?.pages[0]?.items ?? []).filter((entry) => entry.type !== "flag.viewed").slice(0, SHOWN);
  return (
    <section>
      <Group justify="space-between" mb={10}>
        <Title order={2}>Recent changes of flags</Title>
        <Link to="/audit" search={{}} size="sm">
          The whole log
        </Link>
      </Group>
      {entries.isError ? (
        <Failure error={entries.error} retry={() => entries.refetch()} />
      ) : entries.isPending ? (
        <Rows count={4} height={52} />
      ) : shown.length === 0 ? (
        <Empty icon="flag" title="Nothing changed yet" />
      ) : (
        <EntryList entries={shown} />
      )}
    </section>
  );
}
