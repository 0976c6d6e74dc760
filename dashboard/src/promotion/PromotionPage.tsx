import { Badge, Button, Group, List, NativeSelect, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link as RouterLink, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { type Environment, environmentsQuery, flagGatesQuery, flagsQuery, type Gate, promotionGatesQuery } from "../api/queries";
import { Icon } from "../common/Icon";
import { Item, Items } from "../common/Items";
import { ButtonLink, Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { Empty, Failure, Rows } from "../common/States";
import { breakable } from "../common/words";
import { Hoist } from "../flags/Hoist";
import { type FlagModel, modelOf, stateHere } from "../flags/model";
import { usePermissions } from "../session/session";
import Promote from "./Promote";
import classes from "./Promotion.module.css";
import { counterpart, differs, gatesBetween, gateWords, isUpwards, lanesOf, type Step, stepOf } from "./promotion";

const AT_ONCE = 12;

/** What is in one environment and not yet in the next, flag by flag, with what the gate between them says. */
export function PromotionPage() {
  const { project } = useParams({ from: "/shell/projects/$project/promotion" });
  const search = useSearch({ from: "/shell/projects/$project/promotion" });
  const environments = useQuery(environmentsQuery(project));
  const step = useMemo(() => stepOf(environments.data ?? [], search.from, search.to), [environments.data, search.from, search.to]);
  return (
    <>
      <PageHeader
        title="Promotion"
        actions={
          <ButtonLink to="/projects/$project/environments" params={{ project }} search={{}} variant="default" leftSection={<Icon name="layers" size={16} />}>
            Environments
          </ButtonLink>
        }
      >
        <Text size="sm" c="dimmed" maw={680}>
          What a flag has in one environment is taken over in the next. A gate says how long it must have been in force, and how well it did.
        </Text>
      </PageHeader>
      {environments.isError ? (
        <Failure error={environments.error} retry={() => environments.refetch()} />
      ) : environments.isPending ? (
        <Rows count={6} height={54} />
      ) : step ? (
        <>
          <Lanes project={project} environments={environments.data} step={step} />
          <Flags key={`${step.from.key} ${step.to.key}`} project={project} environments={environments.data} step={step} />
        </>
      ) : (
        <Empty icon="layers" title="Nowhere to go yet">
          It takes two environments to promote from one to another. Create them under{" "}
          <Link to="/projects/$project/environments" params={{ project }} search={{}}>
            Environments
          </Link>
          .
        </Empty>
      )}
    </>
  );
}

/** The kinds of environments from left to right, and what stands between each two. */
function Lanes({ project, environments, step }: { project: string; environments: readonly Environment[]; step: Step }) {
  const { may } = usePermissions();
  const { data: gates } = useQuery({ ...promotionGatesQuery, enabled: may("promotion-gates.read") });
  const lanes = lanesOf(environments);
  return (
    <section aria-label="Lanes">
      <ol className={classes.lanes}>
        {lanes.flatMap((lane, index) => {
          const before = lanes[index - 1];
          const shown = (
            <li key={lane.type} className={classes.lane}>
              <Title order={3}>{lane.type[0]!.toUpperCase() + lane.type.slice(1)}</Title>
              <ul>
                {lane.environments.map((item) => (
                  <li key={item.key} data-end={item.key === step.from.key || item.key === step.to.key || undefined}>
                    {item.key === step.to.key && <Icon name="right" size={13} label="to" />}
                    <span>{breakable(item.name || item.key)}</span>
                    {item.key === step.from.key && <Icon name="right" size={13} label="from here" />}
                  </li>
                ))}
              </ul>
            </li>
          );
          if (!before) return [shown];
          const isChosen = before.type === step.from.type && lane.type === step.to.type;
          // Of the gate that is chosen already, the link leads to where one is.
          const from = isChosen ? step.from : (before.environments.find((item) => item.key === step.to.key) ?? before.environments[0]!);
          const to = isChosen ? step.to : counterpart(from, lane.environments)!;
          return [
            <li key={`${before.type} ${lane.type}`} className={classes.gate}>
              <RouterLink
                to="/projects/$project/promotion"
                params={{ project }}
                search={{ from: from.key, to: to.key }}
                resetScroll={false}
                className={classes.gateLink}
                {...(isChosen ? { "aria-current": "true" } : {})}
                aria-label={`From ${before.type} to ${lane.type}`}
              >
                <Icon name="right" />
                <GateWords
                  gates={gates ? gatesBetween(gates.gates, before.type, lane.type) : undefined}
                  isInForce={gates?.inForce}
                />
              </RouterLink>
            </li>,
            shown,
          ];
        })}
      </ol>
    </section>
  );
}

function GateWords({ gates, isInForce }: { gates: readonly Gate[] | undefined; isInForce: boolean | undefined }) {
  if (!gates) return null;
  if (!isInForce) return <span>no gate in force</span>;
  if (gates.length === 0) return <b>No way: there is no gate</b>;
  const words = gates.flatMap(gateWords);
  return words.length === 0 ? <span>a gate that asks for nothing</span> : words.map((word, index) => <span key={index}>{word}</span>);
}

function Flags({ project, environments, step }: { project: string; environments: readonly Environment[]; step: Step }) {
  const { q = "" } = useSearch({ from: "/shell/projects/$project/promotion" });
  const navigate = useNavigate({ from: "/projects/$project/promotion" });
  const flags = useQuery(flagsQuery(project));
  const [shown, setShown] = useState(AT_ONCE);
  const [promoted, setPromoted] = useState<FlagModel | null>(null);
  const words = useDeferredValue(q.trim().toLowerCase());
  const models = useMemo(
    () => (flags.data ?? []).map((flag) => modelOf(flag, environments)).filter((flag) => flag.status !== "archived" && differs(flag, step)),
    [flags.data, environments, step],
  );
  const found = models.filter((flag) => `${flag.key} ${flag.name} ${flag.owner} ${flag.tags.join(" ")}`.toLowerCase().includes(words));
  const choices = (without?: string) =>
    environments.filter((item) => item.key !== without).map((item) => ({ value: item.key, label: item.name || item.key }));
  return (
    <section aria-label="Flags that differ">
      <div className={classes.way}>
        <NativeSelect
          label="From"
          value={step.from.key}
          data={choices()}
          onChange={(event) => navigate({ search: { from: event.currentTarget.value }, resetScroll: false })}
        />
        <NativeSelect
          label="To"
          value={step.to.key}
          data={choices(step.from.key)}
          onChange={(event) => navigate({ search: { from: step.from.key, to: event.currentTarget.value }, resetScroll: false })}
        />
        <TextInput
          label="Search"
          placeholder="Key, name, owner or tag"
          leftSection={<Icon name="search" size={16} />}
          value={q}
          onChange={(event) => {
            const typed = event.currentTarget.value;
            void navigate({ search: (now) => ({ ...now, q: typed || undefined }), replace: true, resetScroll: false });
          }}
        />
      </div>
      {flags.isError ? (
        <Failure error={flags.error} retry={() => flags.refetch()} />
      ) : flags.isPending ? (
        <Rows count={6} height={54} />
      ) : (
        <>
          <Text size="sm" c="dimmed" mb={8} role="status">
            {countWords(found.length, models.length, step)}
          </Text>
          {found.length === 0 ? (
            <Empty icon={words ? "search" : "check"} title={words ? "No flag fits" : "Nothing to promote"}>
              {words ? "Search for fewer words." : "Every flag has the same in both."}
            </Empty>
          ) : (
            <Items label="Flags that differ">
              {found.slice(0, shown).map((flag) => (
                <FlagRow key={flag.key} project={project} flag={flag} step={step} promote={() => setPromoted(flag)} />
              ))}
            </Items>
          )}
          {found.length > shown && (
            <Group justify="center" mt="md">
              <Button variant="default" onClick={() => setShown(shown + AT_ONCE)}>
                Show {Math.min(AT_ONCE, found.length - shown)} more
              </Button>
            </Group>
          )}
        </>
      )}
      {promoted && (
        <Promote
          project={project}
          flag={promoted}
          environments={environments}
          from={step.from.key}
          to={step.to.key}
          close={() => setPromoted(null)}
        />
      )}
    </section>
  );
}

function FlagRow({ project, flag, step, promote }: { project: string; flag: FlagModel; step: Step; promote: () => void }) {
  const { mayPropose } = usePermissions();
  const { data: gates } = useQuery({ ...flagGatesQuery(project, flag.key, step.from.key, step.to.key), enabled: isUpwards(step) });
  const isClosed = gates?.inForce === true && !gates.open;
  return (
    <Item
      mono
      title={
        <Link to="/projects/$project/flags/$flag" params={{ project, flag: flag.key }} search={{ env: step.to.key }} c="inherit" className="plain">
          {flag.key}
        </Link>
      }
      about={
        <>
          <span className={classes.change}>
            <End flag={flag} environment={step.to} />
            <Icon name="right" size={13} label="becomes" />
            <End flag={flag} environment={step.from} />
            {flag.owner && <span>· {flag.owner}</span>}
          </span>
          {isClosed && (
            <List size="xs" mt={3} c="var(--mantine-color-error)">
              {gates.blockers.map((blocker) => (
                <List.Item key={blocker}>{blocker}</List.Item>
              ))}
            </List>
          )}
        </>
      }
      state={
        <>
          {gates?.inForce && <Badge color={isClosed ? "flare" : "tide"}>{isClosed ? "gate closed" : "gate open"}</Badge>}
          {gates?.inForce && gates.approvals > 0 && <Badge color="signal">{gates.approvals === 1 ? "1 approval" : `${gates.approvals} approvals`}</Badge>}
          {mayPropose("flag.promoted") && (
            <Button size="xs" variant={isClosed ? "default" : "light"} aria-label={`Promote ${flag.key}`} onClick={promote}>
              Promote
            </Button>
          )}
        </>
      }
    />
  );
}

function End({ flag, environment }: { flag: FlagModel; environment: Environment }) {
  const state = stateHere(flag, environment);
  return (
    <span className={classes.end}>
      <Hoist state={state} size={16} /> {state.words}
    </span>
  );
}

const countWords = (found: number, all: number, { from, to }: Step) =>
  `${found === all ? all.toLocaleString() : `${found.toLocaleString()} of ${all.toLocaleString()}`} ${all === 1 ? "flag has" : "flags have"} something else in ${from.name || from.key} than in ${to.name || to.key}`;
