import { Alert, Badge, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { remove } from "../api/client";
import { type Freeze, freezesQuery } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { Icon } from "../common/Icon";
import { Acts, Item } from "../common/Items";
import { moment } from "../common/time";
import { usePermissions } from "../session/session";
import { Section } from "../settings/Section";
import { Calendar } from "./Calendar";
import { FreezeForm } from "./FreezeForm";
import { incidentOf, type Recurrence, recurrenceText, scopeText, spansOf, untilText } from "./freeze";

type Step = { act: "create" } | { act: "edit" | "delete"; freeze: Freeze };

/** Times in which nothing riskier may happen: what holds now, what comes, and the settings of each. */
export default function Freezes() {
  const freezes = useQuery(freezesQuery);
  const { may } = usePermissions();
  const [step, setStep] = useState<Step | null>(null);
  const close = () => setStep(null);
  const now = (freezes.data ?? []).filter((freeze) => freeze.enabled && freeze.current);
  return (
    <Stack gap="xl">
      {now.length > 0 && (
        <Alert color="flare" icon={<Icon name="clock" />} title={now.length === 1 ? "A freeze holds now" : `${now.length} freezes hold now`}>
          {now.map((freeze) => (
            <div key={freeze.key}>
              {freeze.name || freeze.key}: {scopeText(freeze.scope)}, {untilText(freeze.current!.to)}.
            </div>
          ))}
        </Alert>
      )}
      <Section
        query={freezes}
        label="Freezes"
        icon="clock"
        empty="Nothing freezes"
        add={may("freeze.create") && { label: "Create freeze", go: () => setStep({ act: "create" }) }}
        about="A span in which a riskier change is refused, or waits until it is over. What is proved to be safer, such as switching a flag off, goes through; so does an emergency."
      >
        {(items) =>
          items.map((freeze) => (
            <Item
              key={freeze.key}
              dimmed={!freeze.enabled}
              title={freeze.name || freeze.key}
              about={<About freeze={freeze} />}
              state={<State freeze={freeze} />}
              acts={
                <Acts
                  label={freeze.key}
                  acts={[
                    may("freeze.update") && { label: "Edit", icon: "settings", go: () => setStep({ act: "edit", freeze }) },
                    may("freeze.delete") && { label: "Delete", icon: "trash", danger: true, go: () => setStep({ act: "delete", freeze }) },
                  ]}
                />
              }
            />
          ))
        }
      </Section>
      {freezes.data && freezes.data.length > 0 && <Calendar spans={spansOf(freezes.data)} />}
      {step?.act === "create" && <FreezeForm close={close} />}
      {step?.act === "edit" && <FreezeForm freeze={step.freeze} close={close} />}
      {step?.act === "delete" && (
        <Act
          title={`Delete ${step.freeze.key}`}
          button="Delete"
          danger
          onClose={close}
          run={({ reason, headers }) => remove("/api/v1/freezes/{key}", { path: { key: step.freeze.key }, body: reason as never, headers })}
        >
          <Meaning>
            What it would have held up is held up no more. Once approval policies are in force, a second person must agree: who could lift a freeze alone would need no exception.
          </Meaning>
        </Act>
      )}
    </Stack>
  );
}

function About({ freeze }: { freeze: Freeze }) {
  const when = [
    ...freeze.intervals.map(({ from, to }) => `${moment(from)} ${untilText(to)}`),
    ...freeze.recurring.map((item) => `${recurrenceText(item as Recurrence)} (${freeze.zone})`),
  ];
  return (
    <>
      <div>
        {scopeText(freeze.scope)} · {freeze.approvers === 1 ? "one approver lets" : `${freeze.approvers} approvers let`} an exception through
        {incidentOf(freeze) && ` · for incident ${incidentOf(freeze)}`}
      </div>
      {when.map((words) => (
        <div key={words}>{words}</div>
      ))}
    </>
  );
}

function State({ freeze }: { freeze: Freeze }) {
  if (!freeze.enabled) return <Badge color="gray">switched off</Badge>;
  if (freeze.current) return <Badge color="flare">holds now</Badge>;
  return freeze.next ? (
    <Text size="xs" c="dimmed">
      next {moment(freeze.next.from)}
    </Text>
  ) : (
    <Badge color="gray">over</Badge>
  );
}
