import { Badge, Button, Checkbox, Group, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post, remove } from "../api/client";
import { sdkKeysQuery } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { ExpiryField, Expiry } from "../common/Expiry";
import { Icon } from "../common/Icon";
import { Acts, Item, Items } from "../common/Items";
import { Secret } from "../common/Secret";
import { Empty, Failure, Rows } from "../common/States";
import { usePermissions } from "../session/session";
import { RotateCredential } from "../settings/RotateCredential";

type Step = { act: "create" } | { act: "rotate" | "revoke"; id: string; name: string };

/** The keys with which programs evaluate flags in one environment. */
export function SdkKeys({ project, environment }: { project: string; environment: string }) {
  const keys = useQuery(sdkKeysQuery);
  const { may } = usePermissions();
  const [step, setStep] = useState<Step | null>(null);
  const [secret, setSecret] = useState<{ secret: string | null } | null>(null);
  const shown = keys.data?.filter((key) => key.project === project && key.environment === environment) ?? [];
  const button = may("sdk-key.create") && (
    <Button size="xs" leftSection={<Icon name="plus" size={14} />} onClick={() => setStep({ act: "create" })}>
      Create SDK key
    </Button>
  );
  const close = () => setStep(null);
  return (
    <section aria-label={`SDK keys of ${environment}`}>
      <Group justify="space-between" mt={28} mb={10}>
        <Title order={2}>
          SDK keys of <span className="key">{environment}</span>
        </Title>
        {shown.length > 0 && button}
      </Group>
      {keys.isError ? (
        <Failure error={keys.error} retry={() => keys.refetch()} />
      ) : keys.isPending ? (
        <Rows count={2} height={54} />
      ) : shown.length === 0 ? (
        <Empty icon="key" title="No key reads it" action={button || undefined}>
          Programs evaluate flags in {environment} with a key of it alone.
        </Empty>
      ) : (
        <Items label={`SDK keys of ${environment}`}>
          {shown.map((key) => (
            <Item
              key={key.id}
              title={key.name}
              about={<Expiry credential={key} />}
              state={<Badge color={key.clientSide ? "signal" : "gray"}>{key.clientSide ? "in everybody's hands" : "server side"}</Badge>}
              acts={
                <Acts
                  label={key.name}
                  acts={[
                    may("sdk-key.rotate") && { label: "Rotate", icon: "refresh", go: () => setStep({ act: "rotate", id: key.id, name: key.name }) },
                    may("sdk-key.revoke") && {
                      label: "Revoke",
                      icon: "trash",
                      danger: true,
                      go: () => setStep({ act: "revoke", id: key.id, name: key.name }),
                    },
                  ]}
                />
              }
            />
          ))}
        </Items>
      )}
      {step?.act === "create" && <Create project={project} environment={environment} close={close} made={(made) => setSecret({ secret: made })} />}
      {step?.act === "rotate" && (
        <RotateCredential kind="sdk-keys" id={step.id} name={step.name} close={close} made={(made) => setSecret({ secret: made })} />
      )}
      {step?.act === "revoke" && (
        <Act
          title={`Revoke ${step.name}`}
          button="Revoke"
          danger
          onClose={close}
          run={({ reason, headers }) => remove("/api/v1/sdk-keys/{id}", { path: { id: step.id }, body: reason as never, headers })}
        >
          <Meaning>Programs that use it get no answers any more, from their next request on. It cannot be undone.</Meaning>
        </Act>
      )}
      {secret && <Secret what="The key" secret={secret.secret} onClose={() => setSecret(null)} />}
    </section>
  );
}

function Create({
  project,
  environment,
  close,
  made,
}: {
  project: string;
  environment: string;
  close: () => void;
  made: (secret: string | null) => void;
}) {
  const [name, setName] = useState("");
  const [clientSide, setClientSide] = useState(false);
  const [expiresAt, setExpiresAt] = useState<string | undefined>();
  return (
    <Act
      title={`A key for ${environment}`}
      button="Create"
      isReady={name.trim() !== ""}
      onClose={close}
      run={({ reason, headers }) =>
        post("/api/v1/sdk-keys", {
          body: { name: name.trim(), project, environment, clientSide, ...(expiresAt ? { expiresAt } : {}), ...reason } as never,
          headers,
        })
      }
      onDone={(answer) => "secret" in (answer as object) && made(answer.secret)}
    >
      <TextInput
        label="Name"
        placeholder="checkout service"
        required
        maxLength={256}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox
        label="For programs in everybody's hands, such as pages and apps"
        description="Flags that are marked sensitive do not exist for it."
        checked={clientSide}
        onChange={(event) => setClientSide(event.currentTarget.checked)}
      />
      <ExpiryField value={expiresAt} onChange={setExpiresAt} />
    </Act>
  );
}
