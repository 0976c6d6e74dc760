import { ActionIcon, Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { post, put as replace } from "../api/client";
import type { EnvironmentCheck } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { Icon } from "../common/Icon";
import { BOUNDS, bodyOf, type CheckDraft, checkProblem, demandText, draftOf, isAsked, isMeasured, newCheck, SOURCES, spanText } from "./check";
import classes from "./Policies.module.css";

const MOST = 20;
const A_YEAR = 525_600;

type Part = { draft: CheckDraft; put: (part: Partial<CheckDraft>) => void };

/** A new check, a source for one that ships, or other settings of one. */
export function CheckForm({ check, close }: { check?: EnvironmentCheck; close: () => void }) {
  const [draft, setDraft] = useState<CheckDraft>(() => (check ? draftOf(check) : newCheck()));
  const put = (part: Partial<CheckDraft>) => setDraft((before) => ({ ...before, ...part }));
  const isDefined = check !== undefined && check.revision > 0;
  const hasFixedBounds = check?.ships === true;
  const problem = checkProblem(draft);
  return (
    <Act
      title={isDefined ? `Edit ${check.key}` : check ? `Where ${check.key} comes from` : "Define a check"}
      button={isDefined ? "Save" : "Define"}
      wide
      isReady={problem === null}
      onClose={close}
      run={({ reason, headers }): Promise<unknown> => {
        const body = { ...bodyOf(draft, !isDefined), ...reason } as never;
        return isDefined
          ? replace("/api/v1/checks/{check}", { path: { check: check.key }, body, headers: { ...headers, "If-Match": `"${check.revision}"` } })
          : post("/api/v1/checks", { body, headers });
      }}
    >
      {isDefined && <Meaning>Evidence from before says nothing any more.</Meaning>}
      {hasFixedBounds && <Meaning>It ships, with what it demands: {demandText(check)}.</Meaning>}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {!check && (
          <TextInput
            label="Key"
            description="As policies name it"
            placeholder="contract-tests"
            required
            data-autofocus
            classNames={{ input: "key" }}
            value={draft.key}
            onChange={(event) => put({ key: event.currentTarget.value })}
          />
        )}
        <NativeSelect
          label="Where its evidence comes from"
          description={SOURCES.find((item) => item.value === draft.source)?.about}
          data={SOURCES.filter((item) => !hasFixedBounds || (item.value === "soak") === (check.source === "soak")).map(({ value, label }) => ({ value, label }))}
          value={draft.source}
          onChange={(event) => put({ source: event.currentTarget.value })}
        />
        <TextInput label="Name" description="Words for people" maxLength={256} value={draft.name} onChange={(event) => put({ name: event.currentTarget.value })} />
        {isAsked(draft.source) && (
          <TextInput
            label="Address"
            description="On a host that the operator allows"
            placeholder={draft.source === "prometheus" ? "https://prometheus.example.com" : "https://ci.example.com/check?flag=$flag"}
            required
            classNames={{ input: "key" }}
            value={draft.target}
            onChange={(event) => put({ target: event.currentTarget.value })}
          />
        )}
        {draft.source !== "soak" && (
          <TextInput
            label={draft.source === "push" ? "Name of the secret that signs" : "Name of the secret to log in with"}
            description={`Lives in Halyard:Checks:${draft.source === "push" ? "Secrets" : "Tokens"}:NAME`}
            required={draft.source === "push"}
            placeholder="ci"
            classNames={{ input: "key" }}
            value={draft.secret}
            onChange={(event) => put({ secret: event.currentTarget.value })}
          />
        )}
        {draft.source === "soak" && (
          <>
            <NativeSelect
              label="In environments of type"
              data={["development", "staging"]}
              value={draft.environmentType}
              onChange={(event) => put({ environmentType: event.currentTarget.value })}
            />
            <Minutes label="In force for minutes" value={draft.soakMinutes} onChange={(soakMinutes) => put({ soakMinutes })} />
          </>
        )}
        <Minutes label="Evidence counts for minutes" value={draft.validMinutes} onChange={(validMinutes) => put({ validMinutes })} />
      </SimpleGrid>
      {isMeasured(draft.source) && <Measures draft={draft} put={put} />}
      {draft.source !== "soak" && !hasFixedBounds && <Thresholds draft={draft} put={put} />}
      {problem && draft.key !== "" && (
        <Text size="xs" c="dimmed" role="status">
          {problem}
        </Text>
      )}
    </Act>
  );
}

function Minutes({ label, value, onChange }: { label: string; value: number; onChange: (minutes: number) => void }) {
  return (
    <NumberInput
      label={label}
      description={spanText(value)}
      min={1}
      max={A_YEAR}
      allowDecimal={false}
      value={value}
      onChange={(minutes) => onChange(Number(minutes) || 1)}
    />
  );
}

/** Where each number is found. */
function Measures({ draft, put }: Part) {
  const change = (index: number, part: Partial<CheckDraft["measures"][number]>) =>
    put({ measures: draft.measures.map((item, at) => (at === index ? { ...item, ...part } : item)) });
  const isQuery = draft.source === "prometheus";
  return (
    <fieldset className={classes.fields}>
      <legend>Numbers</legend>
      <Stack gap="xs">
        {draft.measures.map((item, index) => (
          <Group key={index} gap="xs" align="flex-end">
            <TextInput
              label="Number"
              aria-label={`Number ${index + 1}`}
              placeholder="errorRate"
              flex="1 1 130px"
              classNames={{ input: "key" }}
              value={item.name}
              onChange={(event) => change(index, { name: event.currentTarget.value })}
            />
            <TextInput
              label={isQuery ? "Query" : "Member"}
              aria-label={`${isQuery ? "Query" : "Member"} of number ${index + 1}`}
              placeholder={isQuery ? 'rate(errors{flag="$flag"}[5m])' : "errorRate"}
              flex="3 1 220px"
              classNames={{ input: "key" }}
              value={item.from}
              onChange={(event) => change(index, { from: event.currentTarget.value })}
            />
            <Drop label={`Remove number ${index + 1}`} onClick={() => put({ measures: draft.measures.filter((_, at) => at !== index) })} />
          </Group>
        ))}
        <Add isFull={draft.measures.length >= MOST} onClick={() => put({ measures: [...draft.measures, { name: "", from: "" }] })}>
          Add a number
        </Add>
      </Stack>
    </fieldset>
  );
}

/** What the numbers must be; without any a result is taken as it is told. */
function Thresholds({ draft, put }: Part) {
  const change = (index: number, part: Partial<CheckDraft["thresholds"][number]>) =>
    put({ thresholds: draft.thresholds.map((item, at) => (at === index ? { ...item, ...part } : item)) });
  return (
    <fieldset className={classes.fields}>
      <legend>It passes when</legend>
      <Stack gap="xs">
        {draft.thresholds.length === 0 && (
          <Text size="sm" c="dimmed">
            {isMeasured(draft.source) ? "No number is bounded: it only measures, for promotion gates." : "Its result is taken as it is told."}
          </Text>
        )}
        {draft.thresholds.map((item, index) => (
          <Group key={index} gap="xs" align="flex-end">
            <TextInput
              label="Number"
              aria-label={`Number of bound ${index + 1}`}
              flex="1 1 130px"
              classNames={{ input: "key" }}
              value={item.field}
              onChange={(event) => change(index, { field: event.currentTarget.value })}
            />
            <NativeSelect label="is" aria-label={`Bound ${index + 1} is`} w={110} data={BOUNDS} value={item.bound} onChange={(event) => change(index, { bound: event.currentTarget.value })} />
            <NumberInput label="Limit" aria-label={`Limit of bound ${index + 1}`} w={100} hideControls value={item.limit} onChange={(value) => change(index, { limit: Number(value) || 0 })} />
            <TextInput label="Unit" aria-label={`Unit of bound ${index + 1}`} w={80} maxLength={16} value={item.unit} onChange={(event) => change(index, { unit: event.currentTarget.value })} />
            <Drop label={`Remove bound ${index + 1}`} onClick={() => put({ thresholds: draft.thresholds.filter((_, at) => at !== index) })} />
          </Group>
        ))}
        <Add
          isFull={draft.thresholds.length >= MOST}
          onClick={() => put({ thresholds: [...draft.thresholds, { field: "", bound: "atMost", limit: 0, unit: "" }] })}
        >
          Add a bound
        </Add>
      </Stack>
    </fieldset>
  );
}

function Add({ children, isFull, onClick }: { children: string; isFull: boolean; onClick: () => void }) {
  return (
    <Group>
      <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} disabled={isFull} onClick={onClick}>
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
