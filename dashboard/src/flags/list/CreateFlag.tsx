import { NativeSelect, Stack, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { glancesQuery } from "../../api/queries";
import { type Operation, same } from "../../changes/operations";
import { Review } from "../../changes/Review";
import type { Variant } from "../model";
import { VariantsEditor } from "../VariantsEditor";
import { KINDS, tally } from "./filter";
import { keyProblem, STARTING_VARIANTS, TYPES } from "./new-flag";

const TYPING = 300;

/** A new flag: what it is called and what it may answer. It starts switched off everywhere. */
export default function CreateFlag({ project, close }: { project: string; close: () => void }) {
  const [key, setKey] = useState("");
  const [type, setType] = useState<keyof typeof STARTING_VARIANTS>("boolean");
  const [kind, setKind] = useState<string>("release");
  const [description, setDescription] = useState("");
  const [owner, setOwner] = useState("");
  const [tags, setTags] = useState<string[]>([]);
  const [variants, setVariants] = useState<Variant[]>(STARTING_VARIANTS.boolean);
  const { data: flags = [] } = useQuery(glancesQuery(project));
  const known = useMemo(() => tally(flags.flatMap((flag) => flag.tags)).map((item) => item.value), [flags]);
  const navigate = useNavigate();
  const problem = key === "" ? null : keyProblem(key, flags);
  const current = useMemo(
    (): Operation[] =>
      key === "" || problem ? [] : [{ op: "createFlag", flag: key, type, kind, description, owner, tags, variants }],
    [key, problem, type, kind, description, owner, tags, variants],
  );
  const [operations] = useDebouncedValue(current, TYPING);
  return (
    <Review
      project={project}
      operations={operations}
      title="Create a flag"
      isTyping={!same(operations, current)}
      onClose={close}
      onDone={(answer) => {
        if (answer.status === "applied")
          void navigate({ to: "/projects/$project/flags/$flag", params: { project, flag: key }, search: {} });
        else close();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Key"
          description="What programs ask for. It cannot be changed later."
          placeholder="checkout-redesign"
          required
          data-autofocus
          classNames={{ input: "key" }}
          error={problem}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <Textarea
          label="Description"
          placeholder="What it switches, and when it can go"
          autosize
          minRows={1}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <NativeSelect
          label="Type"
          data={TYPES}
          value={type}
          onChange={(event) => {
            const chosen = event.currentTarget.value as keyof typeof STARTING_VARIANTS;
            setType(chosen);
            setVariants(STARTING_VARIANTS[chosen]);
          }}
        />
        {type !== "boolean" && <VariantsEditor type={type} variants={variants} onChange={setVariants} used={new Set()} />}
        <NativeSelect label="Kind" data={[...KINDS]} value={kind} onChange={(event) => setKind(event.currentTarget.value)} />
        <TextInput
          label="Owner"
          placeholder="team-checkout"
          maxLength={256}
          value={owner}
          onChange={(event) => setOwner(event.currentTarget.value)}
        />
        <TagsInput label="Tags" data={known} value={tags} onChange={setTags} />
      </Stack>
    </Review>
  );
}
