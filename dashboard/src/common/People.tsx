import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { peopleQuery } from "../api/queries";
import { usePermissions } from "../session/session";

/** Names where they may be read, else the pseudonymous ids' beginnings. */
export function useNames(subjects: readonly string[]): (subject: string) => string {
  const { me, may } = usePermissions();
  const { data: names } = useQuery({ ...peopleQuery(subjects), enabled: subjects.length > 0 && may("audit.read") });
  return (subject) => {
    const name = names?.[subject] ?? (subject === me?.subject ? me?.name : null) ?? shortened(subject);
    return subject === me?.subject ? `${name} (you)` : name;
  };
}

const shortened = (subject: string) => (subject.length > 14 ? `${subject.slice(0, 12)}…` : subject);

/** Some people in a sentence. */
export function People({ subjects }: { subjects: readonly string[] }) {
  const name = useNames(subjects);
  return subjects.map((subject, index) => (
    <Fragment key={subject}>
      {index > 0 && ", "}
      <span title={subject}>{name(subject)}</span>
    </Fragment>
  ));
}
