import { Alert, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult, useQuery } from "@tanstack/react-query";
import { Link as RouterLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type ChangeRequest, environmentsQuery, glancesQuery, ledgerQuery, requestsQuery, servedMostQuery } from "../api/queries";
import { Icon } from "../common/Icon";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { Empty, Failure, Rows } from "../common/States";
import { Time } from "../common/Time";
import { BypassList, useOpenBypasses } from "../emergency/EmergencyPage";
import classes from "../requests/Requests.module.css";
import { RequestList } from "../requests/RequestsPage";
import { usePermissions } from "../session/session";
import { useProject } from "../shell/Rail";

const SHOWN = 8;

type Listed = UseInfiniteQueryResult<InfiniteData<{ items: readonly ChangeRequest[] }>>;

/** What is going on: what waits, what changed, and whether the log is well. */
export function HomePage() {
  const { me, may } = usePermissions();
  const project = useProject();
  const bypasses = useOpenBypasses(may("bypass.read"));
  const requests = useInfiniteQuery({ ...requestsQuery({ open: true }), enabled: may("change-request.read") });
  // How much waits is known before what stands below it is shown: nothing moves away from who reads.
  const isCounting = !me || (may("bypass.read") && bypasses.isPending) || (may("change-request.read") && requests.isPending);
  return (
    <>
      <PageHeader title={me?.name ? `Good day, ${me.name.split("@")[0]}` : "Home"} />
      <Stack gap={28}>
        {may("audit.read") && <LedgerAlarm />}
        <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm">
          {project && may("flag.read") && <FlagFigures project={project} />}
          {may("audit.read") && <LedgerFigure />}
        </SimpleGrid>
        {isCounting ? (
          <Rows count={6} height={56} />
        ) : (
          <>
            {may("bypass.read") && <Emergencies bypasses={bypasses} />}
            {may("change-request.read") && <Waiting requests={requests} />}
            {project && may("flag.read") && (
              <div className={classes.halves}>
                <Recent project={project} />
                {may("environment.read") && <Busiest project={project} />}
              </div>
            )}
          </>
        )}
      </Stack>
    </>
  );
}

function Figure({ label, value, under }: { label: string; value: ReactNode; under?: ReactNode }) {
  return (
    <Card role="group" aria-label={label}>
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
  const { size = 0, published, anchors = [] } = ledger.data ?? {};
  const behind = Math.max(0, ...anchors.map((anchor) => Number(anchor.lag)));
  const anchored = anchors.length === 0 ? "" : behind === 0 ? ", all anchored" : `, ${behind.toLocaleString()} not anchored yet`;
  return (
    <Figure
      label="Entries in the log"
      value={ledger.data ? Number(size).toLocaleString() : "…"}
      under={published ? `${Number(published.size).toLocaleString()} signed and published${anchored}` : "none published yet"}
    />
  );
}

/** What is wrong with the log, where something is: a contradiction before anything else. */
function LedgerAlarm() {
  const { data: ledger } = useQuery(ledgerQuery);
  if (!ledger) return null;
  const parts = [{ name: "The log", alarm: ledger.alarm, lastError: ledger.lastError }, ...ledger.anchors];
  const alarms = parts.filter((part) => part.alarm);
  const errors = parts.filter((part) => !part.alarm && part.lastError);
  return (
    <>
      {alarms.map((part) => (
        <Alert key={part.name} color="flare" icon={<Icon name="alert" />} title={`${part.name} contradicts what was published`} role="alert">
          {part.alarm}
        </Alert>
      ))}
      {errors.map((part) => (
        <Alert key={part.name} color="signal" icon={<Icon name="info" />} title={`${part.name} could not be published lately`}>
          {part.lastError}
        </Alert>
      ))}
    </>
  );
}

/** Emergencies that somebody still owes something for; nothing where there are none. */
function Emergencies({ bypasses }: { bypasses: ReturnType<typeof useOpenBypasses> }) {
  if (bypasses.failed) return <Failure error={bypasses.failed.error} retry={() => bypasses.failed?.refetch()} />;
  const open = bypasses.shown;
  if (open.length === 0) return null;
  return (
    <section aria-label="Emergencies to be dealt with">
      <Group justify="space-between" mb={10}>
        <Title order={2}>Emergencies to be dealt with</Title>
        <Link to="/emergency" search={{}} size="sm">
          All emergencies
        </Link>
      </Group>
      <BypassList bypasses={open.slice(0, SHOWN)} />
    </section>
  );
}

function Waiting({ requests }: { requests: Listed }) {
  const open = requests.data?.pages[0]?.items ?? [];
  return (
    <section aria-label="Waiting for approval">
      <Group justify="space-between" mb={10}>
        <Title order={2}>Waiting for approval</Title>
        <Link to="/requests" search={{}} size="sm">
          All requests
        </Link>
      </Group>
      {requests.isError ? (
        <Failure error={requests.error} retry={() => requests.refetch()} />
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
    <section aria-label="Changed last">
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

const DAY = 24;

/** What programs asked for most where it matters most: in production, else at the end of the way. */
function Busiest({ project }: { project: string }) {
  const { data: environments } = useQuery(environmentsQuery(project));
  const environment = environments?.findLast((item) => item.type === "production") ?? environments?.at(-1);
  const served = useQuery({ ...servedMostQuery(project, environment?.key ?? "", DAY), enabled: environment !== undefined });
  if (!environment) return null;
  const most = (served.data?.flags ?? []).toSorted((one, other) => Number(other.count) - Number(one.count)).slice(0, SHOWN);
  return (
    <section aria-label="Evaluated most">
      <Group justify="space-between" mb={10}>
        <Title order={2}>Evaluated most</Title>
        <Text size="sm" c="dimmed">
          {environment.name || environment.key}, 24 hours
        </Text>
      </Group>
      {served.isError ? (
        <Failure error={served.error} retry={() => served.refetch()} />
      ) : served.isPending ? (
        <Rows count={6} height={40} />
      ) : most.length === 0 ? (
        <Text c="dimmed" size="sm">
          No program asked for any.
        </Text>
      ) : (
        <ul className={classes.list}>
          {most.map((flag) => (
            <li key={flag.flag}>
              <RouterLink
                to="/projects/$project/flags/$flag"
                params={{ project, flag: flag.flag }}
                search={{ tab: "served", env: environment.key }}
                preload={false}
                className={classes.row}
              >
                <span className={`${classes.title} key`}>{flag.flag}</span>
                <span className={classes.about}>
                  last <Time at={flag.lastEvaluatedAt} />
                </span>
                <span className={classes.state}>
                  <b>{Number(flag.count).toLocaleString()}</b>
                </span>
              </RouterLink>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
