import { TextInput } from "@mantine/core";
import type { Credential } from "../api/queries";
import { Time } from "./Time";
import { localText, zone } from "./time";

/** When something ends by itself; empty means never. */
export function ExpiryField({
  label = "Ends",
  description,
  value,
  onChange,
}: {
  label?: string;
  description?: string;
  value: string | undefined;
  onChange: (time: string | undefined) => void;
}) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={description ?? `Left empty it does not end by itself. In your zone, ${zone()}.`}
      defaultValue={value ? localText(value) : ""}
      onChange={(event) => {
        const time = new Date(event.currentTarget.value);
        onChange(Number.isNaN(time.getTime()) ? undefined : time.toISOString());
      }}
    />
  );
}

/** How old a credential is, when it was used last and when it ends. */
export function Expiry({ credential }: { credential: Credential }) {
  return (
    <>
      made <Time at={credential.createdAt} />
      {credential.lastUsedAt ? (
        <>
          {" "}
          · used <Time at={later(credential.lastUsedAt, credential.createdAt)} />
        </>
      ) : (
        " · not used yet"
      )}
      {credential.expiresAt && (
        <>
          {" "}
          · ends <Time at={credential.expiresAt} />
        </>
      )}
      {credential.previousUntil && Date.parse(credential.previousUntil) > Date.now() && (
        <>
          {" "}
          · the secret before works <Time at={credential.previousUntil} />
        </>
      )}
    </>
  );
}

/** The server keeps the time of use roughly, so that it may lie before a credential was made. */
const later = (one: string, other: string) => (Date.parse(one) > Date.parse(other) ? one : other);
