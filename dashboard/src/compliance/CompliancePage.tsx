import { Alert, Badge, Button, Group, Select, Stack, TagsInput, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { queryString } from "../api/client";
import { complianceQuery, environmentsQuery, glancesQuery, segmentsQuery } from "../api/queries";
import { ExpiryField } from "../common/Expiry";
import { Icon } from "../common/Icon";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { useNames } from "../common/People";
import { Empty, Failure, Rows } from "../common/States";
import { moment, zone } from "../common/time";
import { usePermissions } from "../session/session";
import classes from "./Compliance.module.css";
import { factOf, factText, lengthText, parametersOf, type Period, type Question, sharesOf, STATES, stateText } from "./question";
import { Timeline } from "./Timeline";

const LONGEST = 280;

/** When was a flag on, for whom, by whom, and who authorised it: as a picture, and entry by entry. */
export function CompliancePage() {
  const { project } = useParams({ from: "/shell/projects/$project/compliance" });
  const question = useSearch({ from: "/shell/projects/$project/compliance" });
  const environments = useQuery(environmentsQuery(project));
  const environment = question.env ?? environments.data?.find((item) => item.type === "production")?.key ?? environments.data?.at(-1)?.key;
  const links =
    question.flag && environment
      ? (format: string) =>
          `/api/v1/projects/${encodeURIComponent(project)}/flags/${encodeURIComponent(question.flag!)}/compliance?${queryString({ ...parametersOf(question, environment), format })}`
      : null;
  return (
    <>
      <PageHeader
        title="Compliance report"
        actions={
          links && (
            <>
              <Button component="a" href={links("csv")} download variant="default" leftSection={<Icon name="download" size={16} />}>
                CSV
              </Button>
              <Button component="a" href={links("html")} target="_blank" rel="noreferrer" variant="default" leftSection={<Icon name="print" size={16} />}>
                Page to print
              </Button>
            </>
          )
        }
      >
        <Text size="sm" c="dimmed">
          When a flag was on, for whom, by whom, and who authorised it: from the log, the same tomorrow.
        </Text>
      </PageHeader>
      {environments.isError ? (
        <Failure error={environments.error} retry={() => environments.refetch()} />
      ) : environments.isPending ? (
        <Rows count={2} />
      ) : (
        <>
          <Ask key={JSON.stringify(question)} project={project} question={question} environment={environment} environments={environments.data.map((item) => item.key)} />
          {question.flag && environment ? (
            <Report project={project} flag={question.flag} environment={environment} question={question} />
          ) : (
            <Empty icon="shield" title="Choose a flag">
              The report follows it from the day it began, through every change of the flag, its segments and prerequisites.
            </Empty>
          )}
        </>
      )}
    </>
  );
}

function Ask({
  project,
  question,
  environment,
  environments,
}: {
  project: string;
  question: Question;
  environment: string | undefined;
  environments: string[];
}) {
  const navigate = useNavigate({ from: "/projects/$project/compliance" });
  const { may } = usePermissions();
  const { data: flags = [] } = useQuery({ ...glancesQuery(project), enabled: may("flag.read") });
  const [draft, setDraft] = useState<Question>({ ...question, ...(environment ? { env: environment } : {}) });
  const [problem, setProblem] = useState<string | null>(null);
  const put = (part: { [K in keyof Question]?: Question[K] | undefined }) => setDraft((before) => ({ ...before, ...part }) as Question);
  const { data: segments = [] } = useQuery({ ...segmentsQuery(project), enabled: may("segment.read") });
  // One that was deleted is still in the past that the report tells of.
  const known = [...new Set([...segments.map((segment) => segment.key), ...(question.segment ? [question.segment] : [])])];
  const keys = flags.map((flag) => flag.key);
  // A flag that was deleted has a report too.
  const choices = draft.flag && !keys.includes(draft.flag) ? [draft.flag, ...keys] : keys;
  const [sought, setSought] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ search: draft });
  };
  return (
    <form onSubmit={submit} className={classes.ask}>
      <Select
        className={classes.first!}
        label="Flag"
        placeholder="Which"
        searchable
        required
        limit={50}
        classNames={{ input: "key" }}
        data={sought && !choices.includes(sought) ? [...choices, sought] : choices}
        onSearchChange={setSought}
        nothingFoundMessage="No such flag"
        value={draft.flag ?? null}
        onChange={(flag) => put({ flag: flag ?? undefined })}
      />
      <Select className={classes.first!} label="Environment" required allowDeselect={false} data={environments} value={draft.env ?? null} onChange={(env) => put({ env: env ?? undefined })} />
      {may("segment.read") && (
        <Select
          className={classes.first!}
          label="For members of"
          placeholder="Everybody"
          searchable
          clearable
          clearButtonProps={{ "aria-label": "Everybody" }}
          nothingFoundMessage="No such segment"
          classNames={{ input: "key" }}
          data={known}
          value={draft.segment ?? null}
          onChange={(segment) => put({ segment: segment ?? undefined })}
        />
      )}
      <TagsInput
        label="For whoever has"
        description="Empty: everybody."
        placeholder={draft.attr?.length ? "" : "plan = enterprise"}
        acceptValueOnBlur
        maxTags={20}
        error={problem}
        value={(draft.attr ?? []).map(factText)}
        onChange={(values) => {
          const facts = values.map(factOf);
          setProblem(facts.includes(null) ? "Write a name and a value: plan = enterprise" : null);
          const right = facts.filter((fact) => fact !== null);
          put({ attr: right.length > 0 ? right : undefined });
        }}
      />
      <TextInput
        label="For one targeting key"
        description="Empty: everybody."
        maxLength={512}
        classNames={{ input: "key" }}
        value={draft.key ?? ""}
        onChange={(event) => put({ key: event.currentTarget.value || undefined })}
      />
      <ExpiryField label="From" description="Empty: its beginning." value={draft.from} onChange={(from) => put({ from })} />
      <ExpiryField label="To" description="Empty: now." value={draft.to} onChange={(to) => put({ to })} />
      <Group className={classes.button!}>
        <Button type="submit" disabled={!draft.flag || !draft.env}>
          Show the report
        </Button>
        <Text size="xs" c="dimmed">
          Times are in your zone, {zone()}.
        </Text>
      </Group>
    </form>
  );
}

function Report({ project, flag, environment, question }: { project: string; flag: string; environment: string; question: Question }) {
  const report = useQuery(complianceQuery(project, flag, parametersOf(question, environment)));
  const subjects = report.data?.periods.flatMap((period) => (period.started ? [period.started.actor.subject] : [])) ?? [];
  const name = useNames(subjects);
  if (report.isError) return <Failure error={report.error} retry={() => report.refetch()} />;
  if (report.isPending) return <Rows count={5} height={54} />;
  const { periods, current } = report.data;
  return (
    <Stack gap="lg">
      <section aria-label="In short">
        <Group gap="xs" mb={6}>
          <Title order={2}>
            <Link to="/projects/$project/flags/$flag" params={{ project, flag }} search={{}} className="plain key" inherit>
              {flag}
            </Link>
          </Title>
          <Badge color={STATES[current.state]?.colour ?? "gray"}>now {stateText(current)}</Badge>
          {report.data.segment && (
            <Text size="sm">
              for members of{" "}
              <Link to="/projects/$project/segments/$segment" params={{ project, segment: report.data.segment }} search={{}} className="key" inherit>
                {report.data.segment}
              </Link>
            </Text>
          )}
        </Group>
        <Text size="sm">{current.summary}</Text>
        <Text size="xs" c="dimmed" mt={4}>
          {moment(report.data.from)} to {moment(report.data.to)} · {periods.length === 1 ? "one period" : `${periods.length} periods`}
          {sharesOf(periods).map((item) => ` · ${STATES[item.state]?.words ?? item.state} ${Number(item.percent.toFixed(1))} %`)} · up to entry{" "}
          {report.data.ledgerIndex} of the log
        </Text>
      </section>
      <Timeline periods={periods} />
      <section aria-label="Period by period">
        <Title order={3} mb={8}>
          Period by period
        </Title>
        <ol className={classes.periods}>
          {periods.toReversed().map((period) => (
            <PeriodRow key={period.from} period={period} name={name} />
          ))}
        </ol>
      </section>
    </Stack>
  );
}

/** An import can say a page of words; the entry has all of them. */
const shortened = (words: string) => (words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words);

function PeriodRow({ period, name }: { period: Period; name: (subject: string) => string }) {
  const { started } = period;
  return (
    <li id={`p-${Date.parse(period.from)}`} className={classes.period} data-state={period.state}>
      <Group gap={8} justify="space-between" wrap="wrap">
        <Group gap={8}>
          <Badge color={STATES[period.state]?.colour ?? "gray"}>{stateText(period)}</Badge>
          <Text size="sm" fw={560}>
            {moment(period.from)} to {moment(period.to)}
          </Text>
        </Group>
        <Text size="xs" c="dimmed">
          {lengthText(period.from, period.to)}
        </Text>
      </Group>
      <Text size="sm" mt={4}>
        {period.summary}
      </Text>
      {period.valuesErased && (
        <Alert color="signal" mt={6} p="xs" icon={<Icon name="info" />}>
          Personal values of this time were erased: single people may have got something else.
        </Alert>
      )}
      {started && (
        <Text size="xs" c="dimmed" mt={4} className={classes.by}>
          {started.expiredOverride ? "An override expired; set by " : "By "}
          <b>{started.actor.name ?? name(started.actor.subject)}</b>: {shortened(started.description)}
          {started.reason && ` · “${started.reason}”`}
          {started.ticket && ` · ${started.ticket}`}
          {started.incident && ` · ${started.incident}`} · authorised by {started.authorisedBy} ·{" "}
          <Link to="/audit/$entry" params={{ entry: String(started.index) }} size="xs">
            entry {started.index}
          </Link>
        </Text>
      )}
    </li>
  );
}
