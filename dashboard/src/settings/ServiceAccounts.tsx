import { Badge, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { patch, post, remove } from "../api/client";
import { type ServiceAccount, serviceAccountsQuery } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { Acts, Item } from "../common/Items";
import { People } from "../common/People";
import { Secret } from "../common/Secret";
import { usePermissions } from "../session/session";
import { Section } from "./Section";
import { CreateToken } from "./Tokens";

type Step = { act: "create" } | { act: "edit" | "switch" | "take" | "token" | "delete"; account: ServiceAccount };

/** Programs with a name of their own, each with a person who answers for it. */
export default function ServiceAccounts() {
  const accounts = useQuery(serviceAccountsQuery);
  const { me, may } = usePermissions();
  const navigate = useNavigate({ from: "/settings" });
  const [step, setStep] = useState<Step | null>(null);
  const [secret, setSecret] = useState<{ secret: string | null } | null>(null);
  const close = () => setStep(null);
  const path = step && "account" in step ? { account: step.account.id } : { account: "" };
  return (
    <>
      <Section
        query={accounts}
        label="Service accounts"
        about="Programs with a name of their own, which outlasts their tokens. Assignments say what each may do; somebody answers for it."
        add={may("service-account.create") && { label: "Create service account", go: () => setStep({ act: "create" }) }}
        icon="bolt"
        empty="No service accounts yet"
      >
        {(all) =>
          all.map((account) => (
            <Item
              key={account.id}
              dimmed={!account.enabled}
              title={account.name}
              about={
                <>
                  {account.description && `${account.description} · `}
                  <People subjects={[account.owner]} /> answers for it
                </>
              }
              state={!account.enabled && <Badge color="flare">disabled</Badge>}
              acts={
                <Acts
                  label={account.name}
                  acts={[
                    may("token.create") && account.owner === me?.subject && { label: "Create a token", icon: "key", go: () => setStep({ act: "token", account }) },
                    may("assignment.read") && {
                      label: "Assignments",
                      icon: "users",
                      go: () => void navigate({ search: { tab: "assignments", subject: account.id } }),
                    },
                    may("service-account.update") && { label: "Edit", icon: "settings", go: () => setStep({ act: "edit", account }) },
                    may("service-account.update") &&
                      account.owner !== me?.subject && { label: "Answer for it", icon: "shield", go: () => setStep({ act: "take", account }) },
                    may("service-account.update") && {
                      label: account.enabled ? "Disable" : "Enable",
                      icon: account.enabled ? "minus" : "check",
                      danger: account.enabled,
                      go: () => setStep({ act: "switch", account }),
                    },
                    may("service-account.delete") && { label: "Delete", icon: "trash", danger: true, go: () => setStep({ act: "delete", account }) },
                  ]}
                />
              }
            />
          ))
        }
      </Section>
      {step?.act === "create" && <Edit close={close} />}
      {step?.act === "edit" && <Edit account={step.account} close={close} />}
      {step?.act === "token" && <CreateToken account={step.account} close={close} made={(made) => setSecret({ secret: made })} />}
      {step?.act === "take" && (
        <Act
          title={`Answer for ${step.account.name}`}
          button="Answer for it"
          onClose={close}
          run={({ reason, headers }) => post("/api/v1/service-accounts/{account}/take-over", { path, body: reason as never, headers })}
        >
          <Meaning>You answer for it from now on. Tokens of before are worth nothing then: make new ones.</Meaning>
        </Act>
      )}
      {step?.act === "switch" && (
        <Act
          title={`${step.account.enabled ? "Disable" : "Enable"} ${step.account.name}`}
          button={step.account.enabled ? "Disable" : "Enable"}
          danger={step.account.enabled}
          onClose={close}
          run={({ reason, headers }) =>
            patch("/api/v1/service-accounts/{account}", { path, body: { enabled: !step.account.enabled, ...reason } as never, headers })
          }
        >
          <Meaning>{step.account.enabled ? "Its tokens are refused until it is enabled again." : "Its tokens count again."}</Meaning>
        </Act>
      )}
      {step?.act === "delete" && (
        <Act
          title={`Delete ${step.account.name}`}
          button="Delete"
          danger
          onClose={close}
          run={({ reason, headers }) => remove("/api/v1/service-accounts/{account}", { path, body: reason as never, headers })}
        >
          <Meaning>Its tokens are worth nothing any more. It cannot be undone.</Meaning>
        </Act>
      )}
      {secret && <Secret what="The token" secret={secret.secret} onClose={() => setSecret(null)} />}
    </>
  );
}

function Edit({ account, close }: { account?: ServiceAccount; close: () => void }) {
  const [name, setName] = useState(account?.name ?? "");
  const [description, setDescription] = useState(account?.description ?? "");
  return (
    <Act
      title={account ? `Edit ${account.name}` : "Create a service account"}
      button={account ? "Save" : "Create"}
      isReady={name.trim() !== ""}
      onClose={close}
      run={({ reason, headers }): Promise<unknown> => {
        const body = { name: name.trim(), description, ...reason } as never;
        return account
          ? patch("/api/v1/service-accounts/{account}", {
              path: { account: account.id },
              body,
              headers: { ...headers, "If-Match": `"${account.revision}"` },
            })
          : post("/api/v1/service-accounts", { body, headers });
      }}
    >
      {!account && <Meaning>You answer for it: what it does counts as yours wherever people are counted. Its roles come from assignments.</Meaning>}
      <TextInput
        label="Name"
        placeholder="deploy bot"
        required
        maxLength={256}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea label="Description" autosize value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
    </Act>
  );
}
