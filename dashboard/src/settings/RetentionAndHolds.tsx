import { Badge, Button, Group, NumberInput, Stack, TagsInput, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post, put, remove } from "../api/client";
import { type Hold, holdsQuery, type Retention, retentionQuery } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { Acts, Item } from "../common/Items";
import { People } from "../common/People";
import { Failure, Rows } from "../common/States";
import { usePermissions } from "../session/session";
import { Erasure } from "./Erasure";
import { daysText, minimumOf, minimumText, retentionProblem } from "./retention";
import { Section } from "./Section";
import classes from "./Settings.module.css";

/** How long the log is kept, what must not go, and what must. */
export default function RetentionAndHolds() {
  const { may } = usePermissions();
  return (
    <Stack gap="xl">
      <KeptFor />
      {may("hold.read") && <Holds />}
      {may("privacy.erase") && <Erasure />}
    </Stack>
  );
}

function KeptFor() {
  const retention = useQuery(retentionQuery);
  const { may } = usePermissions();
  const [step, setStep] = useState<"change" | "run" | null>(null);
  const close = () => setStep(null);
  if (retention.isError) return <Failure error={retention.error} retry={() => retention.refetch()} />;
  if (retention.isPending) return <Rows count={2} height={64} />;
  // What is not set is left out of the answer.
  const { archiveAfterDays = null, retentionDays = null, minimumDays } = retention.data;
  return (
    <section aria-label="Retention">
      <Group justify="space-between" mb="sm">
        <Title order={2}>How long the log is kept</Title>
        <Group gap="xs">
          {may("retention.run") && (
            <Button variant="default" onClick={() => setStep("run")}>
              Archive and purge now
            </Button>
          )}
          {may("retention.change") && <Button onClick={() => setStep("change")}>Change</Button>}
        </Group>
      </Group>
      <dl className={classes.figures}>
        <div>
          <dt>Entries are copied to the archive</dt>
          <dd>{archiveAfterDays === null ? "never" : `after ${daysText(archiveAfterDays)}`}</dd>
        </div>
        <div>
          <dt>Archived entries are purged</dt>
          <dd>{retentionDays === null ? "never" : `after ${daysText(retentionDays)}`}</dd>
        </div>
        {Object.entries(minimumDays).map(([type, days]) => (
          <div key={type}>
            <dt>
              Kept longer: <span className="key">{type}</span>
            </dt>
            <dd>{daysText(days)}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm" c="dimmed" maw={680}>
        What is purged leaves its hash behind, so the rest of the log is proved as before; the archive keeps everything.
      </Text>
      {step === "change" && <Change retention={retention.data} close={close} />}
      {step === "run" && (
        <Act
          title="Archive and purge now"
          button="Begin"
          danger={retentionDays !== null}
          onClose={close}
          run={({ reason, headers }) => post("/api/v1/retention/runs", { body: reason as never, headers })}
          onDone={() => notifications.show({ color: "tide", title: "It has begun", message: "The log tells when it is done." })}
        >
          <Meaning>
            {archiveAfterDays === null
              ? "Nothing is archived while the setting says never."
              : retentionDays === null
                ? `Entries of ${daysText(archiveAfterDays)} and older are archived.`
                : `Entries of ${daysText(archiveAfterDays)} and older are archived; archived ones of ${daysText(retentionDays)} and older leave the store for good.`}
          </Meaning>
        </Act>
      )}
    </section>
  );
}

function Change({ retention, close }: { retention: Retention; close: () => void }) {
  const [archive, setArchive] = useState<number | string>(retention.archiveAfterDays ?? "");
  const [keep, setKeep] = useState<number | string>(retention.retentionDays ?? "");
  const [minimum, setMinimum] = useState(() => Object.entries(retention.minimumDays).map(([type, days]) => minimumText(type, days)));
  const days = (value: number | string) => (value === "" ? undefined : Number(value));
  const problem = retentionProblem(days(archive), days(keep), minimum);
  return (
    <Act
      title="How long the log is kept"
      button="Change"
      danger={keep !== ""}
      isReady={problem === null}
      onClose={close}
      run={({ reason, headers }) =>
        put("/api/v1/retention", {
          body: {
            ...(archive === "" ? {} : { archiveAfterDays: Number(archive) }),
            ...(keep === "" ? {} : { retentionDays: Number(keep) }),
            minimumDays: Object.fromEntries(minimum.map((item) => minimumOf(item)!)),
            ...reason,
          } as never,
          headers: { ...headers, ...(retention.revision > 0 ? { "If-Match": `"${retention.revision}"` } : {}) },
        })
      }
    >
      <NumberInput
        label="Copy entries to the archive after days"
        description="Empty: never."
        placeholder="never"
        min={0}
        max={36_500}
        allowDecimal={false}
        data-autofocus
        value={archive}
        onChange={setArchive}
      />
      <NumberInput
        label="Purge archived entries after days"
        description="Empty: never. What is purged cannot be brought back into the log."
        placeholder="never"
        min={0}
        max={36_500}
        allowDecimal={false}
        value={keep}
        onChange={setKeep}
      />
      <TagsInput
        label="Kept longer, by what types begin with"
        placeholder={minimum.length > 0 ? "" : "change_request. = 2555"}
        acceptValueOnBlur
        value={minimum}
        onChange={setMinimum}
      />
      {problem && (
        <Text size="xs" c="var(--mantine-color-error)" role="status">
          {problem}
        </Text>
      )}
    </Act>
  );
}

function Holds() {
  const holds = useQuery(holdsQuery);
  const { may } = usePermissions();
  const [isPlacing, setPlacing] = useState(false);
  const [leaving, setLeaving] = useState<Hold | null>(null);
  return (
    <div>
      <Title order={2} mb={4}>
        Legal holds
      </Title>
      <Section
        query={holds}
        label="Legal holds"
        about="What is held is neither purged nor erased until somebody releases it."
        add={may("hold.place") && { label: "Place a hold", go: () => setPlacing(true) }}
        icon="shield"
        empty="Nothing is held"
      >
        {(all) =>
          all.map((hold) => (
            <Item
              key={hold.key}
              title={hold.name || <span className="key">{hold.key}</span>}
              about={hold.name ? <span className="key">{hold.key}</span> : undefined}
              state={
                <>
                  {hold.subject && (
                    <Badge color="signal">
                      <People subjects={[hold.subject]} />
                    </Badge>
                  )}
                  {typeof hold.from === "number" && typeof hold.to === "number" && (
                    <Badge color="signal">
                      entries {hold.from} to {hold.to - 1}
                    </Badge>
                  )}
                  {!hold.subject && typeof hold.from !== "number" && <Badge color="signal">everything</Badge>}
                </>
              }
              acts={
                <Acts
                  label={hold.name || hold.key}
                  acts={[may("hold.release") && { label: "Release", icon: "cross", danger: true, go: () => setLeaving(hold) }]}
                />
              }
            />
          ))
        }
      </Section>
      {isPlacing && <Place close={() => setPlacing(false)} />}
      {leaving && (
        <Act
          title={`Release ${leaving.name || leaving.key}`}
          button="Release"
          danger
          onClose={() => setLeaving(null)}
          run={({ reason, headers }) => remove("/api/v1/holds/{key}", { path: { key: leaving.key }, body: reason as never, headers })}
        >
          <Meaning>What it held may be purged and erased from now on.</Meaning>
        </Act>
      )}
    </div>
  );
}

function Place({ close }: { close: () => void }) {
  const [hold, setHold] = useState({ key: "", name: "", person: "" });
  const [from, setFrom] = useState<number | string>("");
  const [to, setTo] = useState<number | string>("");
  const isRange = from !== "" && to !== "";
  const isHalf = (from === "") !== (to === "") || (isRange && Number(from) > Number(to));
  const { person } = hold;
  // An id is a subject as the log names it; anything else is a name or address that the server looks up.
  const who = person.trim() === "" ? {} : /^[a-z]_\w{8,}$/.test(person.trim()) ? { subject: person.trim() } : { person: person.trim() };
  return (
    <Act
      title="Place a legal hold"
      button="Place"
      isReady={/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(hold.key) && !isHalf && (isRange || person.trim() !== "")}
      onClose={close}
      run={({ reason, headers }) =>
        post("/api/v1/holds", {
          body: { key: hold.key, name: hold.name, ...who, ...(isRange ? { from: Number(from), to: Number(to) + 1 } : {}), ...reason } as never,
          headers,
        })
      }
    >
      <TextInput
        label="Key"
        placeholder="case-2026-17"
        required
        data-autofocus
        classNames={{ input: "key" }}
        value={hold.key}
        onChange={(event) => setHold({ ...hold, key: event.currentTarget.value })}
      />
      <TextInput label="Name" placeholder="Smith v. Example" value={hold.name} onChange={(event) => setHold({ ...hold, name: event.currentTarget.value })} />
      <TextInput
        label="Whose values are held"
        description="A name or address that the log knows, or an id. Empty: nobody's in particular."
        value={person}
        onChange={(event) => setHold({ ...hold, person: event.currentTarget.value })}
      />
      <Group grow>
        <NumberInput label="From entry" min={0} allowDecimal={false} value={from} onChange={setFrom} />
        <NumberInput label="To entry" min={0} allowDecimal={false} error={isHalf ? "Give the first and the last." : null} value={to} onChange={setTo} />
      </Group>
    </Act>
  );
}
