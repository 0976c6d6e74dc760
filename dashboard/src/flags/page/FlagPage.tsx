import { Alert, Badge, Box, Button, Group, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useBlocker, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { environmentsQuery, flagQuery } from "../../api/queries";
import { flagOperations } from "../../changes/operations";
import { Review } from "../../changes/Review";
import { Icon } from "../../common/Icon";
import { Link } from "../../common/Link";
import { PageHeader } from "../../common/PageHeader";
import { Empty, Failure, Rows } from "../../common/States";
import { Time } from "../../common/Time";
import { moment, zone } from "../../common/time";
import { useTabInSight } from "../../common/useTabInSight";
import { usePermissions } from "../../session/session";
import type { FlagTab } from "../../shell/router";
import { flagProblems } from "../conditions";
import { type FlagModel, modelOf } from "../model";
import { AtPicker } from "./AtPicker";
import { DraftBar } from "./DraftBar";
import { FlagMenu } from "./FlagMenu";
import { OpenRequests } from "./OpenRequests";
import { Targeting } from "./Targeting";
import { VariantsTab } from "./VariantsTab";

const EvaluateTab = lazy(() => import("./EvaluateTab"));
const HistoryTab = lazy(() => import("./HistoryTab"));
const BeginBypass = lazy(() => import("../../emergency/BeginBypass"));
const JsonTab = lazy(() => import("./JsonTab"));
const ServedTab = lazy(() => import("./ServedTab"));

const TABS: { value: FlagTab; label: string }[] = [
  { value: "targeting", label: "Targeting" },
  { value: "variants", label: "Variants" },
  { value: "evaluate", label: "Evaluate" },
  { value: "served", label: "Usage" },
  { value: "history", label: "History" },
  { value: "json", label: "JSON" },
];

/** One flag: what it serves in each environment, now or at a time, and every way of changing that. */
export function FlagPage() {
  const { project, flag: key } = useParams({ from: "/shell/projects/$project/flags/$flag" });
  const { at } = useSearch({ from: "/shell/projects/$project/flags/$flag" });
  const flag = useQuery(flagQuery(project, key, at));
  const environments = useQuery(environmentsQuery(project, at));
  if (flag.isError || environments.isError) {
    return (
      <>
        <PageHeader title={key} mono above={<Above project={project} />} actions={<AtPicker />} />
        {at ? (
          <Empty icon="clock" title="It was not there then">
            There was no flag of this key on {moment(at)}. Choose another time, or go back to now.
          </Empty>
        ) : (
          <Failure error={flag.error ?? environments.error} retry={() => void flag.refetch()} />
        )}
      </>
    );
  }
  if (flag.isPending || environments.isPending) {
    return (
      <>
        <PageHeader title={key} mono above={<Above project={project} />} />
        <Rows count={10} />
      </>
    );
  }
  const model = modelOf(flag.data, environments.data);
  // Another revision is another draft: what was edited against the old one is kept only while it is on the screen.
  return (
    <FlagEditor
      key={`${key} ${at ?? "now"}`}
      project={project}
      flag={model}
      environments={environments.data}
      updatedAt={flag.data.updatedAt}
    />
  );
}

function Above({ project }: { project: string }) {
  return (
    <Link to="/projects/$project/flags" params={{ project }} search={{}} size="xs">
      Flags
    </Link>
  );
}

function FlagEditor({
  project,
  flag,
  environments,
  updatedAt,
}: {
  project: string;
  flag: FlagModel;
  environments: Parameters<typeof modelOf>[1];
  updatedAt: string;
}) {
  const search = useSearch({ from: "/shell/projects/$project/flags/$flag" });
  const navigate = useNavigate({ from: "/projects/$project/flags/$flag" });
  const { may, mayPropose } = usePermissions();
  const [edited, setEdited] = useState<FlagModel | null>(null);
  const [base, setBase] = useState(flag);
  const [isReviewing, setReviewing] = useState(false);
  // Nothing is edited: what the server has is what is shown.
  const before = edited ? base : flag;
  const draft = edited ?? flag;
  const operations = useMemo(() => (edited ? flagOperations(base, edited) : []), [base, edited]);
  const problems = useMemo(() => (edited ? flagProblems(edited) : []), [edited]);
  const readOnly = search.at !== undefined || !mayPropose("flag.updated", "flag.enabled", "flag.targeting_changed", "flag.rule_added");
  const tab = search.tab ?? "targeting";
  const tabs = useTabInSight(tab);
  const isStale = edited !== null && flag.revision !== base.revision;

  const edit = (next: FlagModel) => {
    if (!edited) setBase(flag);
    setEdited(next);
  };
  const discard = () => {
    setEdited(null);
    setReviewing(false);
  };
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      current.pathname !== next.pathname && operations.length > 0 && !window.confirm("Leave without saving? Your draft would be lost."),
    enableBeforeUnload: () => operations.length > 0,
  });

  return (
    <Box pb={operations.length > 0 ? 72 : 0}>
      <PageHeader
        title={flag.key}
        mono
        above={<Above project={project} />}
        actions={
          <>
            <AtPicker />
            {!search.at && may("flag.bypass") && (
              <Button
                variant="light"
                color="flare"
                leftSection={<Icon name="bolt" size={16} />}
                onClick={() => navigate({ search: (now) => ({ ...now, emergency: true }), resetScroll: false })}
              >
                Emergency
              </Button>
            )}
            {!readOnly && <FlagMenu project={project} flag={flag} environments={environments} chosen={search.env} />}
          </>
        }
      >
        <Group gap={6}>
          <Badge color={flag.status === "active" ? "tide" : flag.status === "deprecated" ? "signal" : "gray"}>{flag.status}</Badge>
          <Badge color="gray">{flag.type}</Badge>
          <Badge color="gray">{flag.kind}</Badge>
          {flag.tags.map((tag) => (
            <Link key={tag} to="/projects/$project/flags" params={{ project }} search={{ tag }} size="xs">
              #{tag}
            </Link>
          ))}
        </Group>
        {flag.name !== flag.key && <Text fw={560}>{flag.name}</Text>}
        {flag.description && (
          <Text c="dimmed" maw={760}>
            {flag.description}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {flag.owner && <>Owned by {flag.owner} · </>}revision {flag.revision} · changed <Time at={updatedAt} />
        </Text>
      </PageHeader>
      {search.at && (
        <Alert color="signal" icon={<Icon name="clock" />} mb="md" title={`As it was on ${moment(search.at)}`}>
          <Group justify="space-between" gap="xs">
            <Text size="sm">From the log, in your zone ({zone()}). The past cannot be edited.</Text>
            <Button size="xs" variant="default" onClick={() => navigate({ search: (now) => ({ ...now, at: undefined }) })}>
              Back to now
            </Button>
          </Group>
        </Alert>
      )}
      {!search.at && <OpenRequests project={project} flag={flag.key} />}
      <Tabs
        value={tab}
        onChange={(value) => navigate({ search: (now) => ({ ...now, tab: value as FlagTab }), replace: true, resetScroll: false })}
        keepMounted={false}
      >
        <Tabs.List mb="md" ref={tabs}>
          {TABS.map((item) => (
            <Tabs.Tab key={item.value} value={item.value}>
              {item.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="targeting">
          <Targeting project={project} before={before} draft={draft} environments={environments} readOnly={readOnly} onChange={edit} />
        </Tabs.Panel>
        <Tabs.Panel value="variants">
          <VariantsTab draft={draft} before={before} readOnly={readOnly} onChange={edit} />
        </Tabs.Panel>
        <Suspense fallback={<Rows count={6} />}>
          <Tabs.Panel value="evaluate">
            <EvaluateTab project={project} flag={flag.key} environments={environments} at={search.at} />
          </Tabs.Panel>
          <Tabs.Panel value="served">
            <ServedTab project={project} flag={flag.key} environments={environments} />
          </Tabs.Panel>
          <Tabs.Panel value="history">
            <HistoryTab project={project} flag={flag.key} />
          </Tabs.Panel>
          <Tabs.Panel value="json">
            <JsonTab flag={draft} readOnly={readOnly} onChange={edit} />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
      {operations.length > 0 && (
        <DraftBar
          count={operations.length}
          problems={problems}
          isStale={isStale}
          onDiscard={discard}
          onReview={() => setReviewing(true)}
        />
      )}
      {search.emergency && !search.at && may("flag.bypass") && (
        <Suspense fallback={null}>
          <BeginBypass
            project={project}
            flag={flag}
            environments={environments}
            looking={search.env ?? undefined}
            onClose={() => navigate({ search: (now) => ({ ...now, emergency: undefined }), replace: true, resetScroll: false })}
          />
        </Suspense>
      )}
      {isReviewing && (
        <Review
          project={project}
          operations={operations}
          title={`Save ${flag.key}`}
          onClose={() => setReviewing(false)}
          onDone={discard}
        />
      )}
    </Box>
  );
}
