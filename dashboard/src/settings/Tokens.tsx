import { Badge, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post, remove } from "../api/client";
import { serviceAccountsQuery, tokensQuery } from "../api/queries";
import { Act, Meaning } from "../common/Act";
import { Expiry, ExpiryField } from "../common/Expiry";
import { Acts, Item } from "../common/Items";
import { People } from "../common/People";
import { Secret } from "../common/Secret";
import { usePermissions } from "../session/session";
import { compact, type Pattern, patternText } from "./pattern";
import { PatternFields } from "./PatternFields";
import { RotateCredential } from "./RotateCredential";
import { Section } from "./Section";
import { RolesField } from "./Users";

type Step = { act: "create" } | { act: "rotate" | "revoke"; id: string; name: string };

/** Bearer tokens for programs that call the API. */
export default function Tokens() {
  const tokens = useQuery(tokensQuery);
  const { me, may } = usePermissions();
  const { data: accounts = [] } = useQuery({ ...serviceAccountsQuery, enabled: may("service-account.read") });
  const [step, setStep] = useState<Step | null>(null);
  const [secret, setSecret] = useState<{ secret: string | null } | null>(null);
  const close = () => setStep(null);
  return (
    <>
      <Section
        query={tokens}
        label="API tokens"
        about="What programs call the API with. Whoever made a token answers for it; its secret is shown once."
        add={may("token.create") && { label: "Create token", go: () => setStep({ act: "create" }) }}
        icon="key"
        empty="No tokens yet"
      >
        {(all) =>
          all.map((token) => (
            <Item
              key={token.id}
              title={token.name}
              about={
                <>
                  <Expiry credential={token} />
                  {token.owner && (
                    <>
                      {" "}
                      · <People subjects={[token.owner]} /> answers for it
                    </>
                  )}
                  {token.scope && ` · ${patternText(token.scope as Pattern)}`}
                  {token.id === me?.credential && " · the one in use here"}
                </>
              }
              state={
                token.serviceAccount ? (
                  <Badge color="signal">{accounts.find((item) => item.id === token.serviceAccount)?.name ?? "service account"}</Badge>
                ) : (
                  (token.roles ?? (token.role ? [token.role] : [])).map((role) => <Badge key={role}>{role}</Badge>)
                )
              }
              acts={
                <Acts
                  label={token.name}
                  acts={[
                    may("token.rotate") &&
                      (!token.owner || token.owner === me?.subject) && {
                        label: "Rotate",
                        icon: "refresh",
                        go: () => setStep({ act: "rotate", id: token.id, name: token.name }),
                      },
                    may("token.revoke") && { label: "Revoke", icon: "trash", danger: true, go: () => setStep({ act: "revoke", id: token.id, name: token.name }) },
                  ]}
                />
              }
            />
          ))
        }
      </Section>
      {step?.act === "create" && <CreateToken close={close} made={(made) => setSecret({ secret: made })} />}
      {step?.act === "rotate" && (
        <RotateCredential kind="tokens" id={step.id} name={step.name} close={close} made={(made) => setSecret({ secret: made })} />
      )}
      {step?.act === "revoke" && (
        <Act
          title={`Revoke ${step.name}`}
          button="Revoke"
          danger
          onClose={close}
          run={({ reason, headers }) => remove("/api/v1/tokens/{id}", { path: { id: step.id }, body: reason as never, headers })}
        >
          <Meaning>Programs that use it are refused from their next request on. It cannot be undone.</Meaning>
        </Act>
      )}
      {secret && <Secret what="The token" secret={secret.secret} onClose={() => setSecret(null)} />}
    </>
  );
}

/** A token with roles of its own, or one of a service account; its secret is shown once. */
export function CreateToken({
  account,
  close,
  made,
}: {
  account?: { id: string; name: string };
  close: () => void;
  made: (secret: string | null) => void;
}) {
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<string[]>([]);
  const [scope, setScope] = useState<Pattern>({});
  const [expiresAt, setExpiresAt] = useState<string | undefined>();
  const narrowed = compact(scope);
  return (
    <Act
      title={account ? `A token for ${account.name}` : "Create a token"}
      button="Create"
      wide
      isReady={name.trim() !== "" && (account !== undefined || roles.length > 0)}
      onClose={close}
      run={({ reason, headers }) =>
        post("/api/v1/tokens", {
          body: {
            name: name.trim(),
            ...(account ? { serviceAccount: account.id } : { roles }),
            ...(Object.keys(narrowed).length > 0 ? { scope: narrowed } : {}),
            ...(expiresAt ? { expiresAt } : {}),
            ...reason,
          } as never,
          headers,
        })
      }
      onDone={(answer) => "secret" in (answer as object) && made(answer.secret)}
    >
      <TextInput
        label="Name"
        placeholder="deploy pipeline"
        required
        maxLength={256}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {!account && <RolesField description="Those that you have yourself, or may assign." value={roles} onChange={setRoles} />}
      <Text size="sm" fw={560} mt={4}>
        Where it counts: {patternText(narrowed)}
      </Text>
      <PatternFields value={scope} onChange={setScope} />
      <ExpiryField value={expiresAt} onChange={setExpiresAt} />
    </Act>
  );
}
