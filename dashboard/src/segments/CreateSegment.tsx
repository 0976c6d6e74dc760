import { Stack, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Review } from "../changes/Review";
import { keyProblem } from "../flags/list/new-flag";
import { KeysField } from "./KeysField";

const TYPING = 300;

/** A new segment: what it is called, and who is in it to begin with. Rules follow on its page. */
export function CreateSegment({ project, segments, close }: { project: string; segments: readonly { key: string }[]; close: () => void }) {
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [includes, setIncludes] = useState<string[]>([]);
  const navigate = useNavigate();
  const isTaken = segments.some((segment) => segment.key === key);
  const problem = key === "" ? null : isTaken ? "There is a segment with this key already." : keyProblem(key, []);
  const operation = { op: "createSegment", segment: key, ...(name ? { name } : {}), description, includes };
  const [operations] = useDebouncedValue(key !== "" && !problem ? [operation] : [], TYPING);
  return (
    <Review
      project={project}
      operations={operations}
      title="Create a segment"
      onClose={close}
      onDone={(answer) => {
        if (answer.status === "applied") void navigate({ to: "/projects/$project/segments/$segment", params: { project, segment: key } });
        else close();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Key"
          description="What rules name. It cannot be changed later."
          placeholder="beta-testers"
          required
          data-autofocus
          classNames={{ input: "key" }}
          error={problem}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <TextInput label="Name" placeholder="Beta testers" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Textarea
          label="Description"
          placeholder="Who belongs to it, and why"
          autosize
          minRows={1}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <KeysField label="Always in" initial={includes} onChange={setIncludes} />
      </Stack>
    </Review>
  );
}
