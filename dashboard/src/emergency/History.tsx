import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Bypass } from "../api/queries";
import { useNames } from "../common/People";
import { Time } from "../common/Time";
import classes from "../requests/Requests.module.css";

type Step = { at: string | null; by: string | null; did: string; said?: string; vote?: string };

/** What became of a bypass, in order; the newest remark of the server stands last. */
export function History({ bypass }: { bypass: Bypass }) {
  const steps = stepsOf(bypass);
  const people = [...new Set(steps.flatMap((step) => (step.by ? [step.by] : [])))];
  const name = useNames(people);
  // The server's words name people by their pseudonymous ids.
  const named = (words: string) => people.reduce((text, subject) => text.replaceAll(`'${subject}'`, name(subject)), words);
  return (
    <ol className={classes.talk}>
      {steps.map((step, index) => (
        <li key={index} data-vote={step.vote}>
          <Text size="sm">
            {step.by && <b>{name(step.by)} </b>}
            {named(step.did)} {step.at && <When>{<Time at={step.at} />}</When>}
          </Text>
          {step.said && <Text size="sm">{step.said}</Text>}
        </li>
      ))}
    </ol>
  );
}

function When({ children }: { children: ReactNode }) {
  return (
    <Text span size="xs" c="dimmed">
      {children}
    </Text>
  );
}

function stepsOf(bypass: Bypass): Step[] {
  const steps: Step[] = [
    { at: bypass.createdAt, by: bypass.requester, did: "asked for it" },
    ...bypass.confirmations.map((item) => ({ at: item.at, by: item.by, did: "agreed", said: item.comment, vote: "approve" })),
    ...(bypass.appliedAt ? [{ at: bypass.appliedAt, by: null, did: "It took effect", vote: "request_changes" }] : []),
    ...bypass.ratifications.map((item) => ({ at: item.at, by: item.by, did: "ratified it", said: item.comment, vote: "approve" })),
    ...(bypass.review ? [{ at: bypass.review.at, by: bypass.review.by, did: "reviewed it" }] : []),
  ];
  const told = steps.toSorted((one, other) => Date.parse(one.at!) - Date.parse(other.at!));
  return bypass.remark ? [...told, { at: null, by: null, did: `Where it stands: ${bypass.remark}` }] : told;
}
