import { ActionIcon, Button, Group, MultiSelect, NativeSelect, NumberInput, Select, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { post, put as replace } from "../api/client";
import { type Freeze, projectsQuery } from "../api/queries";
import { Act } from "../common/Act";
import { Icon } from "../common/Icon";
import { localText, zone } from "../common/time";
import { ENVIRONMENT_TYPES } from "../settings/pattern";
import { bodyOf, DAYS, draftOf, type FreezeDraft, freezeProblem, lengthText, MONTH_NAMES, newFreeze, paced, type Recurrence, recurrenceText, WEEKEND } from "./freeze";
import classes from "./Policies.module.css";

const MOST_APPROVERS = 10;
const LONGEST_DAYS = 31;

/** A new freeze, or other settings of one. */
export function FreezeForm({ freeze, close }: { freeze?: Freeze; close: () => void }) {
  const [draft, setDraft] = useState<FreezeDraft>(() => (freeze ? draftOf(freeze) : newFreeze(zone())));
  const { data: projects = [] } = useQuery(projectsQuery);
  const put = (part: Partial<FreezeDraft>) => setDraft((before) => ({ ...before, ...part }));
  const putScope = (part: Partial<FreezeDraft["scope"]>) => put({ scope: { ...draft.scope, ...part } });
  const problem = freezeProblem(draft);
  return (
    <Act
      title={freeze ? `Edit ${freeze.key}` : "Create a freeze"}
      button={freeze ? "Save" : "Create"}
      wide
      isReady={problem === null}
      onClose={close}
      run={({ reason, headers }): Promise<unknown> => {
        const body = { ...bodyOf(draft, !freeze), ...reason } as never;
        return freeze
          ? replace("/api/v1/freezes/{key}", { path: { key: freeze.key }, body, headers: { ...headers, "If-Match": `"${freeze.revision}"` } })
          : post("/api/v1/freezes", { body, headers });
      }}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {!freeze && (
          <TextInput
            label="Key"
            placeholder="weekend"
            required
            data-autofocus
            classNames={{ input: "key" }}
            value={draft.key}
            onChange={(event) => put({ key: event.currentTarget.value })}
          />
        )}
        <TextInput label="Name" placeholder="Weekend" maxLength={256} value={draft.name} onChange={(event) => put({ name: event.currentTarget.value })} />
        <MultiSelect
          label="Types of environment"
          placeholder={draft.scope.environmentTypes.length > 0 ? "" : "all"}
          data={ENVIRONMENT_TYPES.filter((type) => type !== "none")}
          value={draft.scope.environmentTypes}
          onChange={(environmentTypes) => putScope({ environmentTypes })}
        />
        <MultiSelect
          label="Projects"
          placeholder={draft.scope.projects.length > 0 ? "" : "all"}
          data={[...new Set([...projects.map((project) => project.key), ...draft.scope.projects])]}
          value={draft.scope.projects}
          onChange={(chosen) => putScope({ projects: chosen })}
        />
        <TagsInput
          label="Environments by key"
          placeholder={draft.scope.environments.length > 0 ? "" : "all"}
          acceptValueOnBlur
          value={draft.scope.environments}
          onChange={(environments) => putScope({ environments })}
        />
        <TagsInput label="Tags of flags" placeholder={draft.scope.tags.length > 0 ? "" : "any"} acceptValueOnBlur value={draft.scope.tags} onChange={(tags) => putScope({ tags })} />
        <NumberInput
          label="Who let an exception through"
          description="So many holders of freeze-approver"
          min={1}
          max={MOST_APPROVERS}
          allowDecimal={false}
          value={draft.approvers}
          onChange={(value) => put({ approvers: Number(value) || 1 })}
        />
        <Select
          label="Zone of what comes again"
          description="By its IANA name"
          searchable
          data={[...new Set(["UTC", draft.zone, ...Intl.supportedValuesOf("timeZone")])]}
          value={draft.zone}
          allowDeselect={false}
          onChange={(value) => value && put({ zone: value })}
        />
      </SimpleGrid>
      <TextInput
        label="For incident"
        placeholder="INC-1"
        description="What has no end is lifted by the server once the source of incidents says that this one is over."
        maxLength={256}
        classNames={{ input: "key" }}
        value={draft.forIncident}
        onChange={(event) => put({ forIncident: event.currentTarget.value })}
      />
      <Spans draft={draft} put={put} />
      <Again draft={draft} put={put} />
      <Switch label="Switched on" checked={draft.enabled} onChange={(event) => put({ enabled: event.currentTarget.checked })} />
      {problem && draft.key !== "" && (
        <Text size="xs" c="dimmed" role="status">
          {problem}
        </Text>
      )}
    </Act>
  );
}

type Part = { draft: FreezeDraft; put: (part: Partial<FreezeDraft>) => void };

/** Spans given outright. */
function Spans({ draft, put }: Part) {
  const change = (index: number, part: Partial<FreezeDraft["intervals"][number]>) =>
    put({ intervals: draft.intervals.map((item, at) => (at === index ? { ...item, ...part } : item)) });
  // A field holds what is being typed itself, so it must stay with its span.
  const [ids, setIds] = useState(() => draft.intervals.map((_, index) => index));
  return (
    <fieldset className={classes.fields}>
      <legend>Spans</legend>
      <Stack gap="xs">
        {draft.intervals.map((item, index) => (
          <Group key={ids[index]} gap="xs" align="flex-end">
            <Instant label={`Span ${index + 1} from`} value={item.from} onChange={(from) => change(index, { from })} />
            <Instant label="to" name={`Span ${index + 1} to`} value={item.to} onChange={(to) => change(index, { to })} />
            <Drop
              label={`Remove span ${index + 1}`}
              onClick={() => {
                setIds(ids.filter((_, at) => at !== index));
                put({ intervals: draft.intervals.filter((_, at) => at !== index) });
              }}
            />
          </Group>
        ))}
        <Add
          onClick={() => {
            setIds([...ids, Math.max(-1, ...ids) + 1]);
            put({ intervals: [...draft.intervals, { from: null, to: null }] });
          }}
        >
          Add a span
        </Add>
        {draft.intervals.length > 0 && (
          <Text size="xs" c="dimmed">
            In your zone, {zone()}. Without an end it holds until it is lifted.
          </Text>
        )}
      </Stack>
    </fieldset>
  );
}

function Instant({ label, name, value, onChange }: { label: string; name?: string; value: string | null; onChange: (time: string | null) => void }) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      {...(name ? { "aria-label": name } : {})}
      flex="1 1 190px"
      defaultValue={value ? localText(value) : ""}
      onChange={(event) => {
        const time = new Date(event.currentTarget.value);
        onChange(Number.isNaN(time.getTime()) ? null : time.toISOString());
      }}
    />
  );
}

/** What comes again, by the clock on the wall of its zone. */
function Again({ draft, put }: Part) {
  const change = (index: number, next: Recurrence) => put({ recurring: draft.recurring.map((item, at) => (at === index ? next : item)) });
  return (
    <fieldset className={classes.fields}>
      <legend>What comes again</legend>
      <Stack gap="md">
        {draft.recurring.map((item, index) => (
          <Stack key={index} gap="xs" role="group" aria-label={`What comes again ${index + 1}`}>
            <RecurrenceFields item={item} onChange={(next) => change(index, next)} />
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm">{recurrenceText(item)}</Text>
              <Drop label={`Remove what comes again ${index + 1}`} onClick={() => put({ recurring: draft.recurring.filter((_, at) => at !== index) })} />
            </Group>
          </Stack>
        ))}
        <Add onClick={() => put({ recurring: [...draft.recurring, WEEKEND] })}>Add what comes again</Add>
      </Stack>
    </fieldset>
  );
}

const NTH = [
  { value: "1", label: "first" },
  { value: "2", label: "second" },
  { value: "3", label: "third" },
  { value: "4", label: "fourth" },
  { value: "5", label: "fifth" },
  { value: "-1", label: "last" },
];

function RecurrenceFields({ item, onChange }: { item: Recurrence; onChange: (item: Recurrence) => void }) {
  const isByWeekday = item.every === "weekly" || item.nth !== undefined;
  const byDay = (): Recurrence => {
    const { nth: _, days: __, ...others } = item;
    return { ...others, day: 1 };
  };
  const byWeekday = (): Recurrence => {
    const { day: _, ...others } = item;
    return { ...others, nth: 1, days: ["friday"] };
  };
  return (
    <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="xs">
      <NativeSelect
        label="Every"
        data={[
          { value: "weekly", label: "week" },
          { value: "monthly", label: "month" },
          { value: "yearly", label: "year" },
        ]}
        value={item.every}
        onChange={(event) => onChange(paced(item, event.currentTarget.value))}
      />
      {item.every === "yearly" && (
        <NativeSelect
          label="In"
          data={MONTH_NAMES.map((label, index) => ({ value: String(index + 1), label }))}
          value={String(item.month ?? 1)}
          onChange={(event) => onChange({ ...item, month: Number(event.currentTarget.value) })}
        />
      )}
      {item.every !== "weekly" && (
        <NativeSelect
          label="On"
          data={[
            { value: "day", label: "a day by number" },
            { value: "nth", label: "a day of the week" },
          ]}
          value={item.nth === undefined ? "day" : "nth"}
          onChange={(event) => onChange(event.currentTarget.value === "day" ? byDay() : byWeekday())}
        />
      )}
      {item.every !== "weekly" && item.nth === undefined && (
        <NativeSelect
          label="Day"
          data={[...Array.from({ length: LONGEST_DAYS }, (_, index) => ({ value: String(index + 1), label: String(index + 1) })), { value: "-1", label: "the last" }]}
          value={String(item.day ?? 1)}
          onChange={(event) => onChange({ ...item, day: Number(event.currentTarget.value) })}
        />
      )}
      {item.nth !== undefined && (
        <NativeSelect label="The" data={NTH} value={String(item.nth)} onChange={(event) => onChange({ ...item, nth: Number(event.currentTarget.value) })} />
      )}
      {isByWeekday && (
        <MultiSelect label="Days" data={DAYS.map((value) => ({ value, label: value[0]!.toUpperCase() + value.slice(1) }))} value={item.days ?? []} onChange={(days) => onChange({ ...item, days })} />
      )}
      <TextInput type="time" label="At" value={item.at} onChange={(event) => onChange({ ...item, at: event.currentTarget.value })} />
      <NumberInput
        label="For minutes"
        description={lengthText(item.minutes) || " "}
        inputWrapperOrder={["label", "input", "description"]}
        min={1}
        max={LONGEST_DAYS * 24 * 60}
        allowDecimal={false}
        value={item.minutes}
        onChange={(value) => onChange({ ...item, minutes: Number(value) || 0 })}
      />
      <Bound label="Not before" value={item.from} onChange={(from) => onChange(bounded(item, "from", from))} />
      <Bound label="Not after" value={item.until} onChange={(until) => onChange(bounded(item, "until", until))} />
    </SimpleGrid>
  );
}

function bounded(item: Recurrence, name: "from" | "until", day: string): Recurrence {
  const { [name]: _, ...others } = item;
  return day ? { ...others, [name]: day } : others;
}

function Bound({ label, value, onChange }: { label: string; value: string | undefined; onChange: (day: string) => void }) {
  return <TextInput type="date" label={label} value={value ?? ""} onChange={(event) => onChange(event.currentTarget.value)} />;
}

function Add({ children, onClick }: { children: ReactNode; onClick: () => void }) {
  return (
    <Group>
      <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={onClick}>
        {children}
      </Button>
    </Group>
  );
}

function Drop({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon size={34} aria-label={label} onClick={onClick}>
      <Icon name="trash" />
    </ActionIcon>
  );
}
