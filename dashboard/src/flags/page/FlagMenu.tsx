import { ActionIcon, Menu, NativeSelect, Stack, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { Environment } from "../../api/queries";
import { detailOperations, type Operation, same } from "../../changes/operations";
import { Review } from "../../changes/Review";
import { Icon, type IconName } from "../../common/Icon";
import { usePermissions } from "../../session/session";
import { KINDS } from "../list/filter";
import type { FlagDetails, FlagModel } from "../model";

const Promote = lazy(() => import("../../promotion/Promote"));

type Step = { title: string; operations: Operation[]; leaves?: boolean };

const LIFECYCLE: { status: string; label: string; icon: IconName; action: string; title: string }[] = [
  { status: "active", label: "Make active", icon: "play", action: "flag.updated", title: "Make it active" },
  { status: "deprecated", label: "Deprecate", icon: "clock", action: "flag.deprecated", title: "Deprecate it" },
  { status: "archived", label: "Archive", icon: "layers", action: "flag.archived", title: "Archive it: it is served as off" },
];

/** What is done to a flag as a whole. */
export function FlagMenu({
  project,
  flag,
  environments,
  chosen,
}: {
  project: string;
  flag: FlagModel;
  environments: readonly Environment[];
  chosen: string | undefined;
}) {
  const [step, setStep] = useState<Step | null>(null);
  const [isEditing, setEditing] = useState(false);
  const [isPromoting, setPromoting] = useState(false);
  const { mayPropose } = usePermissions();
  const navigate = useNavigate();
  const of = (op: string, members: Record<string, unknown> = {}): Operation => ({
    op,
    flag: flag.key,
    baseRevision: flag.revision,
    ...members,
  });
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="default" size={34} aria-label="More">
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayPropose("flag.updated") && (
            <Menu.Item leftSection={<Icon name="settings" size={16} />} onClick={() => setEditing(true)}>
              Edit the details
            </Menu.Item>
          )}
          {environments.length > 1 && mayPropose("flag.promoted") && (
            <Menu.Item leftSection={<Icon name="promote" size={16} />} onClick={() => setPromoting(true)}>
              Promote
            </Menu.Item>
          )}
          {LIFECYCLE.filter((item) => item.status !== flag.status && mayPropose(item.action)).map((item) => (
            <Menu.Item
              key={item.status}
              leftSection={<Icon name={item.icon} size={16} />}
              onClick={() => setStep({ title: item.title, operations: [of("setStatus", { status: item.status })] })}
            >
              {item.label}
            </Menu.Item>
          ))}
          {mayPropose("flag.deleted") && (
            <>
              <Menu.Divider />
              <Menu.Item
                color="flare"
                leftSection={<Icon name="trash" size={16} />}
                onClick={() => setStep({ title: `Delete ${flag.key}`, operations: [of("deleteFlag")], leaves: true })}
              >
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {isEditing && <EditDetails project={project} flag={flag} close={() => setEditing(false)} />}
      {isPromoting && (
        <Suspense>
          <Promote project={project} flag={flag} environments={environments} from={chosen} close={() => setPromoting(false)} />
        </Suspense>
      )}
      {step && (
        <Review
          project={project}
          operations={step.operations}
          title={step.title}
          onClose={() => setStep(null)}
          onDone={(answer) => {
            setStep(null);
            if (step.leaves && answer.status === "applied")
              void navigate({ to: "/projects/$project/flags", params: { project }, search: {} });
          }}
        />
      )}
    </>
  );
}

const TYPING = 300;

function EditDetails({ project, flag, close }: { project: string; flag: FlagModel; close: () => void }) {
  const [details, setDetails] = useState<FlagDetails>({
    name: flag.name,
    description: flag.description,
    owner: flag.owner,
    tags: flag.tags,
    kind: flag.kind,
  });
  const put = (part: Partial<FlagDetails>) => setDetails((before) => ({ ...before, ...part }));
  const [settled] = useDebouncedValue(details, TYPING);
  const operations = detailOperations(flag.key, flag, settled).map((item) => ({ ...item, baseRevision: flag.revision }));
  return (
    <Review project={project} operations={operations} title="Edit the details" isTyping={!same(details, settled)} onClose={close} onDone={close}>
      <Stack gap="sm">
        <TextInput label="Name" data-autofocus value={details.name} onChange={(event) => put({ name: event.currentTarget.value })} />
        <Textarea
          label="Description"
          autosize
          value={details.description}
          onChange={(event) => put({ description: event.currentTarget.value })}
        />
        <TextInput label="Owner" value={details.owner} onChange={(event) => put({ owner: event.currentTarget.value })} />
        <TagsInput label="Tags" value={details.tags} onChange={(tags) => put({ tags: tags.toSorted() })} />
        <NativeSelect label="Kind" data={[...KINDS]} value={details.kind} onChange={(event) => put({ kind: event.currentTarget.value })} />
      </Stack>
    </Review>
  );
}
