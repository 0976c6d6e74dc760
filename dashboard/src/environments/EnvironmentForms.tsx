import { NativeSelect, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { Environment } from "../api/queries";
import { Review } from "../changes/Review";
import { keyProblem } from "../flags/list/new-flag";
import { detailOperations, TYPES } from "./environment";

const TYPING = 300;

/** A new environment, at the end of the way; every flag begins in it switched off. */
export function CreateEnvironment({
  project,
  environments,
  close,
}: {
  project: string;
  environments: readonly Environment[];
  close: () => void;
}) {
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const [type, setType] = useState("development");
  const isTaken = environments.some((item) => item.key === key);
  const problem = key === "" ? null : isTaken ? "There is an environment with this key already." : keyProblem(key, []);
  const operation = { op: "createEnvironment", environment: key, ...(name ? { name } : {}), type };
  const [operations] = useDebouncedValue(key !== "" && !problem ? [operation] : [], TYPING);
  return (
    <Review project={project} operations={operations} title="Create an environment" onClose={close} onDone={close}>
      <Stack gap="sm">
        <TextInput
          label="Key"
          description="It cannot be changed later."
          placeholder="staging"
          required
          data-autofocus
          classNames={{ input: "key" }}
          error={problem}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <TextInput label="Name" placeholder="Staging" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <NativeSelect label="Type" data={TYPES} value={type} onChange={(event) => setType(event.currentTarget.value)} />
      </Stack>
    </Review>
  );
}

/** Another name or type; a change of type is judged by the stricter of both. */
export function EditEnvironment({ project, environment, close }: { project: string; environment: Environment; close: () => void }) {
  const [details, setDetails] = useState({ name: environment.name, type: environment.type });
  const [settled] = useDebouncedValue(details, TYPING);
  return (
    <Review project={project} operations={detailOperations(environment, settled)} title={`Edit ${environment.key}`} onClose={close} onDone={close}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          data-autofocus
          value={details.name}
          onChange={(event) => setDetails({ ...details, name: event.currentTarget.value })}
        />
        <NativeSelect
          label="Type"
          description="A change of type is judged by the stricter of both."
          data={TYPES}
          value={details.type}
          onChange={(event) => setDetails({ ...details, type: event.currentTarget.value })}
        />
      </Stack>
    </Review>
  );
}
