import { ActionIcon, Badge, Box, Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useDeferredValue, useEffect, useMemo, useState } from "react";
import { environmentsQuery, glancesQuery } from "../../api/queries";
import { Icon } from "../../common/Icon";
import { PageHeader } from "../../common/PageHeader";
import { Empty, Failure, Rows } from "../../common/States";
import { usePermissions } from "../../session/session";
import { type FlagFilter, KINDS, matches, STATUSES, tally } from "./filter";
import { FlagTable } from "./FlagTable";
import classes from "./FlagsPage.module.css";

const CreateFlag = lazy(() => import("./CreateFlag"));
const BulkBar = lazy(() => import("./BulkBar"));

/** All flags of a project: thousands, searched as one types. */
export function FlagsPage() {
  const { project } = useParams({ from: "/shell/projects/$project/flags" });
  const search = useSearch({ from: "/shell/projects/$project/flags" });
  const navigate = useNavigate({ from: "/projects/$project/flags" });
  const flags = useQuery(glancesQuery(project));
  const environments = useQuery(environmentsQuery(project));
  const { mayPropose } = usePermissions();
  const filter = useDeferredValue(search);
  const shown = useMemo(() => (flags.data ?? []).filter((flag) => matches(flag, filter)), [flags.data, filter]);
  const change = (part: FlagFilter) =>
    navigate({ search: (before) => clean({ ...before, ...part }), replace: true, resetScroll: false });
  const isFiltered = hasFilter(search);
  const mayChange = mayPropose("flag.updated", "flag.enabled", "flag.disabled", "flag.archived");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setChosen(new Set()), [project]);
  // Chosen ones stay so while one searches for more; those that are gone are let go.
  const picked = useMemo(() => (flags.data ?? []).filter((flag) => chosen.has(flag.key)), [flags.data, chosen]);

  return (
    <>
      <PageHeader
        title="Flags"
        actions={
          mayPropose("flag.created") && (
            <Button leftSection={<Icon name="plus" size={16} />} onClick={() => change({ create: true })}>
              Create flag
            </Button>
          )
        }
      >
        <Text c="dimmed" size="sm" role="status">
          {flags.data ? countWords(shown.length, flags.data.length) : "Counting…"}
        </Text>
      </PageHeader>
      {flags.isError ? (
        <Failure error={flags.error} retry={() => flags.refetch()} />
      ) : flags.isPending || environments.isPending ? (
        <Rows count={14} />
      ) : flags.data.length === 0 ? (
        <Empty
          title="No flags yet"
          action={mayPropose("flag.created") && <Button onClick={() => change({ create: true })}>Create the first one</Button>}
        >
          A flag switches a feature on and off in each environment. It starts switched off everywhere.
        </Empty>
      ) : (
        <>
          <Filters search={search} change={change} flags={flags.data} environments={environments.data ?? []} />
          {shown.length === 0 ? (
            <Empty
              icon="search"
              title="No flag fits"
              action={
                <Button variant="default" onClick={() => navigate({ search: {}, replace: true })}>
                  Show all flags
                </Button>
              }
            >
              {isFiltered && "Take away a filter, or search for fewer words."}
            </Empty>
          ) : (
            <FlagTable
              project={project}
              flags={shown}
              environments={environments.data ?? []}
              chosen={chosen}
              onChoose={mayChange ? setChosen : undefined}
            />
          )}
          {picked.length > 0 && (
            <Suspense>
              <BulkBar
                project={project}
                flags={picked}
                environments={environments.data ?? []}
                hidden={picked.filter((flag) => !matches(flag, filter)).length}
                clear={() => setChosen(new Set())}
              />
            </Suspense>
          )}
        </>
      )}
      {search.create && (
        <Suspense>
          <CreateFlag project={project} close={() => change({ create: false })} />
        </Suspense>
      )}
    </>
  );
}

function Filters({
  search,
  change,
  flags,
  environments,
}: {
  search: FlagFilter;
  change: (part: FlagFilter) => void;
  flags: Parameters<typeof matches>[0][];
  environments: { key: string; name: string }[];
}) {
  // The address follows what is typed; only where the search is taken away elsewhere, the field follows the address.
  const [typed, setTyped] = useState(search.q ?? "");
  useEffect(() => {
    if (search.q === undefined) setTyped("");
  }, [search.q]);
  const tags = useMemo(() => tally(flags.flatMap((flag) => flag.tags)), [flags]);
  const owners = useMemo(() => tally(flags.map((flag) => flag.owner)), [flags]);
  const select = (name: "tag" | "owner" | "status" | "kind" | "env", label: string, values: { value: string; label: string }[]) => (
    <NativeSelect
      aria-label={label}
      className={classes.select!}
      value={search[name] ?? ""}
      data={[{ value: "", label }, ...values]}
      data-set={search[name] ? true : undefined}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  const counted = (items: { value: string; count: number }[]) =>
    items.map((item) => ({ value: item.value, label: `${item.value} (${item.count})` }));
  return (
    <Box className={classes.filters}>
      <TextInput
        className={classes.search!}
        aria-label="Search flags"
        placeholder="Key, name, owner or tag"
        leftSection={<Icon name="search" size={16} />}
        rightSection={
          search.q && (
            <ActionIcon size="sm" onClick={() => change({ q: "" })} aria-label="Clear the search">
              <Icon name="cross" size={14} />
            </ActionIcon>
          )
        }
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          void change({ q: event.currentTarget.value });
        }}
      />
      <Group gap={8} className={classes.selects!}>
        {select("status", "Any status", STATUSES.map((value) => ({ value, label: value })))}
        {select("kind", "Any kind", KINDS.map((value) => ({ value, label: value })))}
        {tags.length > 0 && select("tag", "Any tag", counted(tags))}
        {owners.length > 0 && select("owner", "Any owner", counted(owners))}
        {select("env", "Anywhere", environments.map((item) => ({ value: item.key, label: item.name || item.key })))}
        <NativeSelect
          aria-label="State"
          className={classes.select!}
          value={search.state ?? ""}
          data={[
            { value: "", label: "Any state" },
            { value: "on", label: "On for everyone" },
            { value: "partly", label: "On for some" },
            { value: "off", label: "Off" },
          ]}
          onChange={(event) => change({ state: event.currentTarget.value as never })}
        />
        {hasFilter(search) && (
          <Badge
            component="button"
            size="lg"
            color="gray"
            className={classes.reset!}
            onClick={() => change({ q: "", tag: "", owner: "", status: "", kind: "", env: "", state: undefined as never })}
          >
            Reset
          </Badge>
        )}
      </Group>
    </Box>
  );
}

const countWords = (shown: number, all: number) =>
  shown === all ? `${all.toLocaleString()} flags` : `${shown.toLocaleString()} of ${all.toLocaleString()} flags`;

const hasFilter = ({ create: _, ...filter }: FlagFilter) => Object.values(filter).some((value) => value !== undefined);

/** What is empty does not stand in the address. */
const clean = (filter: FlagFilter): FlagFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== "" && value !== false && value !== undefined));
