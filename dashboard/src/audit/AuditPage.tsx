import { Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { auditCountQuery, auditQuery, projectsQuery } from "../api/queries";
import { Icon } from "../common/Icon";
import { PageHeader } from "../common/PageHeader";
import { Empty, Failure, Rows } from "../common/States";
import { usePermissions } from "../session/session";
import type { AuditSearch } from "../shell/router";
import classes from "./Audit.module.css";
import { EntryList } from "./EntryList";
import { ExportButton } from "./ExportButton";
import { isLook, merged } from "./tail";
import { type Following, useTail } from "./useTail";

const TYPING = 350;
const RARE = [
  "project", "kind", "key", "resource", "action", "actor", "actorKind", "ticket", "incident", "changeRequest", "succeeded", "imported", "import",
] as const;

/** What entries are about, and who acts, in the words of the log itself (docs/audit-format.md). */
const KINDS = [
  "flag", "segment", "environment", "project", "import", "change-request", "approval-policy", "bypass", "freeze", "check", "evidence",
  "promotion-gates", "delegation", "role", "assignment", "policy", "user", "service-account", "token", "sdk-key", "sink", "retention", "hold", "tenant",
];
const ACTOR_KINDS = ["user", "service", "client", "system"];

/** The log: who did what, when and why; whoever reads it is in it. */
export function AuditPage() {
  const { live = false, ...search } = useSearch({ from: "/shell/audit" });
  const navigate = useNavigate({ from: "/audit" });
  const { may } = usePermissions();
  const entries = useInfiniteQuery(auditQuery(search));
  const count = useQuery(auditCountQuery(search));
  const change = (part: Partial<Record<keyof AuditSearch, string>> & { live?: boolean }) =>
    navigate({
      search: (before) => Object.fromEntries(Object.entries({ ...before, ...part }).filter(([, value]) => value)) as AuditSearch,
      replace: true,
      resetScroll: false,
    });
  // The fields keep what was typed; cleared from outside, they begin anew.
  const [clearings, setClearings] = useState(0);
  const showAll = () => {
    setClearings((before) => before + 1);
    void navigate({ search: live ? { live } : {}, replace: true });
  };
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  const loaded = entries.data?.pages.flatMap((page) => page.items) ?? [];
  const tail = useTail(search, live, entries.data ? (loaded[0]?.index ?? -1) : undefined);
  // Else it would show itself looking; who asks for looks is shown them.
  const leavesOut = live && !search.action;
  const all = merged(tail.shown, loaded).filter((entry) => !leavesOut || !isLook(entry));
  return (
    <>
      <PageHeader
        title="Audit log"
        actions={
          <>
            <Button
              variant={live ? "light" : "default"}
              aria-pressed={live}
              leftSection={live ? <i className={classes.beat} aria-hidden /> : <Icon name="play" size={16} />}
              onClick={() => change({ live: !live })}
            >
              {live ? "Pause" : "Follow"}
            </Button>
            {may("audit.export") && <ExportButton search={search} />}
          </>
        }
      >
        <Text c="dimmed" size="sm" role="status">
          {count.data === undefined ? "Counting…" : `${count.data.toLocaleString()} entries`}
          {isFiltered && " that fit"}. Reading the log is itself an entry{leavesOut && ", left out while it is followed"}.
        </Text>
      </PageHeader>
      <Filters key={clearings} search={search} change={change} />
      {live && <FollowBar tail={tail} />}
      {entries.isError ? (
        <Failure error={entries.error} retry={() => entries.refetch()} />
      ) : entries.isPending ? (
        <Rows count={10} height={52} />
      ) : all.length === 0 ? (
        <Empty
          icon="search"
          title="No entry fits"
          action={
            <Button variant="default" onClick={showAll}>
              Show all entries
            </Button>
          }
        />
      ) : (
        <>
          <EntryList entries={all} />
          {entries.hasNextPage && (
            <Group justify="center" mt="md">
              <Button variant="default" loading={entries.isFetchingNextPage} onClick={() => entries.fetchNextPage()}>
                Show earlier ones
              </Button>
            </Group>
          )}
        </>
      )}
    </>
  );
}

/** Says that the log is followed, and what came while one looked at something further down. */
function FollowBar({ tail }: { tail: Following }) {
  if (tail.error) return <Failure error={tail.error} />;
  return (
    <div className={classes.follow} role="status">
      {tail.held.length > 0 ? (
        <Button size="xs" leftSection={<Icon name="up" size={14} />} onClick={tail.show}>
          {tail.held.length === 1 ? "1 new entry" : `${tail.held.length.toLocaleString()} new entries`}
        </Button>
      ) : (
        <Text size="xs" c="dimmed">
          {tail.shown.length === 0
            ? "New entries appear at the top as they are written."
            : `${tail.shown.length === 1 ? "1 entry has" : `${tail.shown.length.toLocaleString()} entries have`} come since you began to follow.`}
        </Text>
      )}
    </div>
  );
}

function Filters({
  search,
  change,
}: {
  search: AuditSearch;
  change: (part: Partial<Record<keyof AuditSearch, string>>) => void;
}) {
  const { data: projects = [] } = useQuery(projectsQuery);
  const typed = useDebouncedCallback(change, TYPING);
  const [hasMore, setMore] = useState(() => RARE.some((name) => search[name] !== undefined));
  const text = (name: keyof AuditSearch, label: string, placeholder: string) => (
    <TextInput
      label={label}
      placeholder={placeholder}
      defaultValue={search[name] ?? ""}
      onChange={(event) => typed({ [name]: event.currentTarget.value })}
    />
  );
  const select = (name: keyof AuditSearch, label: string, values: readonly string[]) => (
    <NativeSelect
      label={label}
      value={search[name] ?? ""}
      data={[{ value: "", label: "Any" }, ...values]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <div className={classes.filters} role="search" aria-label="Filter the log">
      <TextInput
        className={classes.wide!}
        label="Words"
        placeholder="Of what happened, tickets, reasons"
        leftSection={<Icon name="search" size={16} />}
        defaultValue={search.text ?? ""}
        onChange={(event) => typed({ text: event.currentTarget.value })}
      />
      {text("flag", "Flag", "Any")}
      {text("environment", "Environment", "Any")}
      <TextInput
        type="date"
        label="From"
        defaultValue={search.from ? localDate(Date.parse(search.from)) : ""}
        onChange={(event) => change({ from: startOf(event.currentTarget.value, 0) })}
      />
      <TextInput
        type="date"
        label="To, that day included"
        defaultValue={search.to ? localDate(Date.parse(search.to) - 1) : ""}
        onChange={(event) => change({ to: startOf(event.currentTarget.value, 1) })}
      />
      {hasMore ? (
        <>
          <NativeSelect
            label="Project"
            value={search.project ?? ""}
            data={[{ value: "", label: "Any" }, ...projects.map((item) => ({ value: item.key, label: item.name || item.key }))]}
            onChange={(event) => change({ project: event.currentTarget.value })}
          />
          {select("kind", "Of what kind", KINDS)}
          {text("key", "Key of that", "Any")}
          {text("resource", "Its id", "Any")}
          {text("action", "Action", "flag.enabled")}
          {text("actor", "Who (id)", "Anybody")}
          {select("actorKind", "What kind of actor", ACTOR_KINDS)}
          {text("ticket", "Ticket", "Any")}
          {text("incident", "Incident", "Any")}
          {text("changeRequest", "Change request (id)", "Any")}
          {text("import", "Import (id)", "Any")}
          <NativeSelect
            label="Outcome"
            value={search.succeeded ?? ""}
            data={[
              { value: "", label: "Any" },
              { value: "true", label: "Took effect" },
              { value: "false", label: "Denied" },
            ]}
            onChange={(event) => change({ succeeded: event.currentTarget.value })}
          />
          <NativeSelect
            label="Origin"
            value={search.imported ?? ""}
            data={[
              { value: "", label: "Any" },
              { value: "false", label: "Witnessed here" },
              { value: "true", label: "Imported" },
            ]}
            onChange={(event) => change({ imported: event.currentTarget.value })}
          />
        </>
      ) : (
        <Button className={classes.toggle!} variant="default" leftSection={<Icon name="filter" size={15} />} onClick={() => setMore(true)}>
          More filters
        </Button>
      )}
    </div>
  );
}

/** The instant at which a day begins in the reader's zone, or the one so many days later. */
function startOf(date: string, later: number): string {
  if (!date) return "";
  const [year = 0, month = 1, dayOfMonth = 1] = date.split("-").map(Number);
  return new Date(year, month - 1, dayOfMonth + later).toISOString();
}

/** The day in the reader's zone, as the browser's picker takes it. */
const localDate = (time: number) => new Intl.DateTimeFormat("sv-SE").format(new Date(time));
