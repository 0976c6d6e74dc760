import { Badge } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { remove } from "../api/client";
import { checksQuery, type EnvironmentCheck } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { Acts, Item } from "../common/Items";
import { Link } from "../common/Link";
import { usePermissions } from "../session/session";
import { Section } from "../settings/Section";
import { CheckForm } from "./CheckForm";
import { demandText, SOURCES, spanText } from "./check";

type Step = { act: "create" } | { act: "source" | "edit" | "delete"; check: EnvironmentCheck };

/** The register of checks: what must have been seen before a change takes effect, and where its evidence comes from. */
export default function Checks() {
  const checks = useQuery(checksQuery);
  const { may } = usePermissions();
  const [step, setStep] = useState<Step | null>(null);
  const close = () => setStep(null);
  return (
    <>
      <Section
        query={checks}
        label="Checks"
        icon="check"
        empty="No checks"
        add={may("check.create") && { label: "Define a check", go: () => setStep({ act: "create" }) }}
        about="A policy names checks. A change that needs one waits, approved or not, until evidence says that it passed for exactly this content."
      >
        {(items) =>
          items.map((check) => (
            <Item
              key={check.key}
              mono
              title={check.key}
              about={<About check={check} />}
              state={
                <>
                  {check.ships && <Badge color="gray">ships</Badge>}
                  {check.source ? <Badge color="tide">{sourceName(check.source)}</Badge> : <Badge color="signal">no source yet</Badge>}
                </>
              }
              acts={<Acts label={check.key} acts={actsOf(check, may, setStep)} />}
            />
          ))
        }
      </Section>
      {step?.act === "create" && <CheckForm close={close} />}
      {(step?.act === "source" || step?.act === "edit") && <CheckForm check={step.check} close={close} />}
      {step?.act === "delete" && (
        <Act
          title={`Delete ${step.check.key}`}
          button="Delete"
          danger
          onClose={close}
          run={({ reason, headers }) => remove("/api/v1/checks/{check}", { path: { check: step.check.key }, body: reason as never, headers })}
        >
          <Meaning>
            {step.check.ships ? "Its source is forgotten; the check itself ships and stays." : "No policy and no gate may name it."} Evidence that was recorded stays in the log.
          </Meaning>
        </Act>
      )}
    </>
  );
}

/** A check that ships and that nobody gave a source is not there to be replaced or deleted; soak time of such a one needs none. */
function actsOf(check: EnvironmentCheck, may: (action: string) => boolean, go: (step: Step) => void) {
  const isDefined = check.revision > 0;
  return [
    !isDefined && check.source !== "soak" && may("check.create") && { label: "Say where it comes from", icon: "plus" as const, go: () => go({ act: "source", check }) },
    isDefined && may("check.update") && { label: "Edit", icon: "settings" as const, go: () => go({ act: "edit", check }) },
    isDefined && may("check.delete") && { label: "Delete", icon: "trash" as const, danger: true, go: () => go({ act: "delete", check }) },
  ];
}

const sourceName = (source: string) => SOURCES.find((item) => item.value === source)?.label ?? source;

function About({ check }: { check: EnvironmentCheck }) {
  const { may } = usePermissions();
  return (
    <>
      {check.name && <div>{check.name}</div>}
      <div>Passes when: {demandText(check)}</div>
      <div>
        {check.target && (
          <>
            asks <span className="key">{check.target}</span> ·{" "}
          </>
        )}
        {check.secret && (
          <>
            secret <span className="key">{check.secret}</span> ·{" "}
          </>
        )}
        {check.validMinutes && `evidence counts for ${spanText(check.validMinutes)}`}
        {check.source !== "soak" && may("audit.read") && (
          <>
            {check.validMinutes && " · "}
            <Link to="/audit" search={{ action: "check.reported", text: check.key }} size="xs">
              Evidence in the log
            </Link>
          </>
        )}
      </div>
    </>
  );
}
