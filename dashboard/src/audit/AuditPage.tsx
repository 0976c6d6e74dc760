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

const TYPING = 350;
const RARE = ["project", "action", "actor", "ticket", "succeeded", "imported"] as const;

/** The log: who did what, when and why; whoever reads it is in it. */
export function AuditPage() {
  const search = useSearch({ from: "/shell/audit" });
  const navigate = useNavigate({ from: "/audit" });
  const { may } = usePermissions();
  const entries = useInfiniteQuery(auditQuery(search));
  const count = useQuery(auditCountQuery(search));
  const change = (part: Partial<Record<keyof AuditSearch, string>>) =>
    navigate({
      search: (before) => Object.fromEntries(Object.entries({ ...before, ...part }).filter(([, value]) => value)) as AuditSearch,
      replace: true,
    });
  // The fields keep what was typed; cleared from outside, they begin anew.
  const [clearings, setClearings] = useState(0);
  const showAll = () => {
    setClearings((before) => before + 1);
    void navigate({ search: {}, replace: true });
  };
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  const all = entries.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title="Audit log" actions={may("audit.export") && <ExportButton search={search} />}>
        <Text c="dimmed" size="sm" role="status">
          {count.data === undefined ? "Counting…" : `${count.data.toLocaleString()} entries`}
          {isFiltered && " that fit"}. Reading the log is itself an entry.
        </Text>
      </PageHeader>
      <Filters key={clearings} search={search} change={change} />
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
          {text("action", "Action", "flag.enabled")}
          {text("actor", "Who (id)", "Anybody")}
          {text("ticket", "Ticket", "Any")}
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
