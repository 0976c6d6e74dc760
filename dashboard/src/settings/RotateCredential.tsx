import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { post } from "../api/client";
import { Act, Meaning } from "../common/Act";

const OVERLAPS = [
  { value: "0", label: "Not at all: it leaked" },
  { value: "3600", label: "For an hour" },
  { value: "86400", label: "For a day" },
  { value: "604800", label: "For a week" },
];

/** Another secret under the same id; the one of now may work on while programs change over. */
export function RotateCredential({
  kind,
  id,
  name,
  close,
  made,
}: {
  kind: "tokens" | "sdk-keys";
  id: string;
  name: string;
  close: () => void;
  made: (secret: string | null) => void;
}) {
  const [overlap, setOverlap] = useState("86400");
  return (
    <Act
      title={`Rotate ${name}`}
      button="Rotate"
      onClose={close}
      run={({ reason, headers }) =>
        post(kind === "tokens" ? "/api/v1/tokens/{id}/rotate" : "/api/v1/sdk-keys/{id}/rotate", {
          path: { id },
          body: { overlapSeconds: Number(overlap), ...reason } as never,
          headers,
        })
      }
      onDone={(answer) => "secret" in (answer as object) && made(answer.secret)}
    >
      <Meaning>It gets another secret, shown once.</Meaning>
      <NativeSelect
        label="The secret of now works on"
        data={OVERLAPS}
        value={overlap}
        onChange={(event) => setOverlap(event.currentTarget.value)}
      />
    </Act>
  );
}
