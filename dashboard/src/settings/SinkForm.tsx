import { MultiSelect, NativeSelect, NumberInput, SimpleGrid, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post, put as replace } from "../api/client";
import { projectsQuery, type Sink } from "../api/queries";
import { Act } from "../common/Act";
import { bodyOf, CLASSES, draftOf, KINDS, modesOf, newSink, type SinkDraft, sinkProblem, withKind } from "./sink";

const MODES: Record<string, string> = { stream: "Every entry by itself, for machines", alert: "Messages that people read" };

/** A new sink, or other settings of one. */
export function SinkForm({ sink, close }: { sink?: Sink; close: () => void }) {
  const [draft, setDraft] = useState<SinkDraft>(() => (sink ? draftOf(sink) : newSink()));
  const { data: projects = [] } = useQuery(projectsQuery);
  const put = (part: Partial<SinkDraft>) => setDraft((before) => ({ ...before, ...part }));
  const putFilter = (part: SinkDraft["filter"]) => put({ filter: { ...draft.filter, ...part } });
  const problem = sinkProblem(draft);
  const isOutside = draft.kind === "webhook" || draft.kind === "opensearch";
  return (
    <Act
      title={sink ? `Edit ${sink.key}` : "Create a sink"}
      button={sink ? "Save" : "Create"}
      wide
      isReady={problem === null}
      onClose={close}
      run={({ reason, headers }): Promise<unknown> => {
        const body = { ...bodyOf(draft, !sink), ...reason } as never;
        return sink
          ? replace("/api/v1/sinks/{sink}", { path: { sink: sink.key }, body, headers: { ...headers, "If-Match": `"${sink.revision}"` } })
          : post("/api/v1/sinks", { body, headers });
      }}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {!sink && (
          <TextInput
            label="Key"
            placeholder="siem"
            required
            data-autofocus
            classNames={{ input: "key" }}
            value={draft.key}
            onChange={(event) => put({ key: event.currentTarget.value })}
          />
        )}
        {!sink && (
          <NativeSelect label="Kind" data={KINDS} value={draft.kind} onChange={(event) => setDraft(withKind(draft, event.currentTarget.value))} />
        )}
        <NativeSelect
          label="What it is told"
          data={modesOf(draft.kind).map((mode) => ({ value: mode, label: MODES[mode]! }))}
          value={draft.mode}
          onChange={(event) => put({ mode: event.currentTarget.value })}
        />
        {draft.kind !== "slack" && (
          <TextInput
            label={draft.kind === "file" ? "Name of the file" : "Address"}
            placeholder={draft.kind === "file" ? "audit.jsonl" : draft.kind === "opensearch" ? "https://search.example.com:9200/audit" : "https://hooks.example.com/halyard"}
            classNames={{ input: "key" }}
            value={draft.target}
            onChange={(event) => put({ target: event.currentTarget.value })}
          />
        )}
        {draft.kind !== "file" && (
          <TextInput
            label={draft.kind === "slack" ? "Name of the secret that is the address" : "or name of the secret that is the address"}
            required={draft.kind === "slack"}
            placeholder="slack-address"
            classNames={{ input: "key" }}
            value={draft.targetSecret}
            onChange={(event) => put({ targetSecret: event.currentTarget.value })}
          />
        )}
        {isOutside && (
          <TextInput
            label={draft.kind === "webhook" ? "Name of the secret that signs" : "Name of the secret to log in with"}
            required={draft.kind === "webhook"}
            placeholder="siem"
            classNames={{ input: "key" }}
            value={draft.secret}
            onChange={(event) => put({ secret: event.currentTarget.value })}
          />
        )}
        {draft.kind === "webhook" && sink && (
          <TextInput
            label="Name of the secret before, while rotating"
            classNames={{ input: "key" }}
            value={draft.previousSecret}
            onChange={(event) => put({ previousSecret: event.currentTarget.value })}
          />
        )}
        {draft.mode === "alert" && (
          <NumberInput
            label="Seconds that alerts are gathered"
            min={0}
            max={3_600}
            allowDecimal={false}
            value={draft.groupSeconds}
            onChange={(value) => put({ groupSeconds: Number(value) || 0 })}
          />
        )}
      </SimpleGrid>
      {draft.kind !== "file" && (
        <Text size="xs" c="dimmed">
          Secrets are named here and live in the server's configuration: Halyard:Secrets:NAME.
        </Text>
      )}
      <Text size="sm" fw={560} mt={4}>
        Which entries
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {draft.mode === "alert" && (
          <MultiSelect label="Worth a message" data={CLASSES} value={[...(draft.filter.classes ?? [])]} onChange={(classes) => putFilter({ classes })} />
        )}
        <TagsInput
          label="Actions"
          placeholder={draft.filter.actions?.length ? "" : "all; flag.*, access.*"}
          acceptValueOnBlur
          value={[...(draft.filter.actions ?? [])]}
          onChange={(actions) => putFilter({ actions })}
        />
        <MultiSelect
          label="Projects"
          placeholder={draft.filter.projects?.length ? "" : "all"}
          data={projects.map((project) => project.key)}
          value={[...(draft.filter.projects ?? [])]}
          onChange={(chosen) => putFilter({ projects: chosen })}
        />
        <MultiSelect
          label="Types of environment"
          placeholder={draft.filter.environmentTypes?.length ? "" : "all"}
          data={["development", "staging", "production"]}
          value={[...(draft.filter.environmentTypes ?? [])]}
          onChange={(environmentTypes) => putFilter({ environmentTypes })}
        />
        <TagsInput
          label="Tags of flags"
          placeholder={draft.filter.tags?.length ? "" : "any"}
          acceptValueOnBlur
          value={[...(draft.filter.tags ?? [])]}
          onChange={(tags) => putFilter({ tags })}
        />
        <NativeSelect
          label="Result"
          data={[
            { value: "", label: "Whatever came of it" },
            { value: "true", label: "What succeeded" },
            { value: "false", label: "What was denied or failed" },
          ]}
          value={draft.filter.succeeded === null || draft.filter.succeeded === undefined ? "" : String(draft.filter.succeeded)}
          onChange={(event) => putFilter({ succeeded: event.currentTarget.value === "" ? null : event.currentTarget.value === "true" })}
        />
      </SimpleGrid>
      <Switch label="Switched on" checked={draft.enabled} onChange={(event) => put({ enabled: event.currentTarget.checked })} />
      {!sink && (
        <Switch
          label="Send the whole log, from its first entry"
          checked={draft.fromStart}
          onChange={(event) => put({ fromStart: event.currentTarget.checked })}
        />
      )}
      {problem && draft.key !== "" && (
        <Text size="xs" c="dimmed" role="status">
          {problem}
        </Text>
      )}
    </Act>
  );
}
