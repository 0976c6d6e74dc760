import { Alert, Badge, List, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post, remove } from "../api/client";
import { type Sink, sinksQuery, sinkStatusQuery } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { Acts, Item } from "../common/Items";
import { Time } from "../common/Time";
import { usePermissions } from "../session/session";
import { Section } from "./Section";
import { filterText, KINDS } from "./sink";
import { SinkForm } from "./SinkForm";

type Step = { act: "create" } | { act: "edit" | "test" | "retry" | "delete"; sink: Sink };

/** Places outside that follow the log. */
export default function Sinks() {
  const sinks = useQuery(sinksQuery);
  const { may } = usePermissions();
  const [step, setStep] = useState<Step | null>(null);
  const close = () => setStep(null);
  const path = { sink: step && "sink" in step ? step.sink.key : "" };
  return (
    <>
      <Section
        query={sinks}
        label="Sinks"
        about="Places outside that follow the log: webhooks, Slack, files, search. Delivery never holds a change up."
        add={may("sink.create") && { label: "Create sink", go: () => setStep({ act: "create" }) }}
        icon="send"
        empty="The log goes nowhere yet"
      >
        {(all) =>
          all.map((sink) => (
            <Item
              key={sink.key}
              mono
              dimmed={!sink.enabled}
              title={sink.key}
              about={
                <>
                  {KINDS.find((kind) => kind.value === sink.kind)?.label ?? sink.kind}
                  {sink.mode === "alert" ? ", as messages" : ""} → {sink.target ?? `the address in the secret ${sink.targetSecret}`} ·{" "}
                  {filterText(sink.filter)}
                  <Health sink={sink} />
                </>
              }
              state={<State sink={sink} />}
              acts={
                <Acts
                  label={sink.key}
                  acts={[
                    may("sink.test") && { label: "Send a test", icon: "send", go: () => setStep({ act: "test", sink }) },
                    may("sink.retry") && { label: "Send again what was set aside", icon: "refresh", go: () => setStep({ act: "retry", sink }) },
                    may("sink.update") && { label: "Edit", icon: "settings", go: () => setStep({ act: "edit", sink }) },
                    may("sink.delete") && { label: "Delete", icon: "trash", danger: true, go: () => setStep({ act: "delete", sink }) },
                  ]}
                />
              }
            />
          ))
        }
      </Section>
      {step?.act === "create" && <SinkForm close={close} />}
      {step?.act === "edit" && <SinkForm sink={step.sink} close={close} />}
      {step?.act === "test" && (
        <Act
          title={`Send a test to ${step.sink.key}`}
          button="Send"
          onClose={close}
          run={({ reason, headers }) => post("/api/v1/sinks/{sink}/test", { path, body: reason as never, headers })}
          onDone={(answer) =>
            notifications.show({
              color: answer.delivered ? "tide" : "flare",
              title: answer.delivered ? "Delivered" : "Not delivered",
              message: answer.detail,
              autoClose: false,
            })
          }
        >
          <Meaning>A message that says it is a test. What comes back is shown; the log has an entry of it.</Meaning>
        </Act>
      )}
      {step?.act === "retry" && (
        <Act
          title={`Send again to ${step.sink.key}`}
          button="Send again"
          onClose={close}
          run={({ reason, headers }) => post("/api/v1/sinks/{sink}/dead-letters/retry", { path, body: reason as never, headers })}
          onDone={(answer) =>
            notifications.show({
              color: answer.error ? "flare" : "tide",
              title: `${answer.delivered} delivered, ${answer.remaining} still set aside`,
              message: answer.error ?? "",
              autoClose: false,
            })
          }
        >
          <Meaning>Up to 100 messages that the target refused, out of order.</Meaning>
        </Act>
      )}
      {step?.act === "delete" && (
        <Act
          title={`Delete ${step.sink.key}`}
          button="Delete"
          danger
          onClose={close}
          run={({ reason, headers }) => remove("/api/v1/sinks/{sink}", { path, body: reason as never, headers })}
        >
          <Meaning>Delivery ends, and where it stood is forgotten. What was delivered stays where it is.</Meaning>
        </Act>
      )}
    </>
  );
}

function State({ sink }: { sink: Sink }) {
  const { data: status } = useQuery(sinkStatusQuery(sink.key));
  if (!sink.enabled) return <Badge color="gray">switched off</Badge>;
  if (!status) return null;
  return (
    <>
      {status.deadLetterCount > 0 && <Badge color="flare">{status.deadLetterCount} set aside</Badge>}
      {status.failures > 0 ? (
        <Badge color="flare">held: {status.failures === 1 ? "one try failed" : `${status.failures} tries failed`}</Badge>
      ) : status.lagEntries > 0 ? (
        <Badge color="signal">{status.lagEntries} behind</Badge>
      ) : (
        <Badge color="tide">up to date</Badge>
      )}
    </>
  );
}

function Health({ sink }: { sink: Sink }) {
  const { data: status } = useQuery(sinkStatusQuery(sink.key));
  if (!status) return null;
  return (
    <>
      <div>
        {status.lastSuccessAt ? (
          <>
            delivered last <Time at={status.lastSuccessAt} />
          </>
        ) : (
          "nothing delivered yet"
        )}
        {" · "}next is entry {status.cursor}
        {status.failures > 0 && status.retryAt && (
          <>
            {" "}
            · tries again <Time at={status.retryAt} />
          </>
        )}
      </div>
      {status.failures > 0 && status.lastError && (
        <Text size="xs" c="var(--mantine-color-error)">
          {status.lastError}
        </Text>
      )}
      {status.deadLetters.length > 0 && (
        <Alert color="flare" mt={6} p="xs" title="Set aside, because the target refuses it">
          <List size="xs">
            {status.deadLetters.slice(0, 5).map((letter) => (
              <List.Item key={letter.first}>
                {letter.first === letter.last ? `Entry ${letter.first}` : `Entries ${letter.first} to ${letter.last}`}: {letter.reason}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  );
}
