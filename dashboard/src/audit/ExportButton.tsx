import { Button, Group, Modal, NativeSelect, Progress, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { get, post } from "../api/client";
import { Icon } from "../common/Icon";
import { Failure } from "../common/States";
import type { AuditSearch } from "../shell/router";

const FORMATS = [
  { value: "csv", label: "CSV, for spreadsheets" },
  { value: "jsonl", label: "JSON lines with proofs, for auditors" },
  { value: "ocsf", label: "OCSF, for security tools" },
];

const BETWEEN_LOOKS = 700;

/** Exports what the filters show: started here, made by the server, fetched when it is done. */
export function ExportButton({ search }: { search: AuditSearch }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<Icon name="download" size={16} />} onClick={() => setOpen(true)}>
        Export
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Export the log">
        {isOpen && <Export search={search} />}
      </Modal>
    </>
  );
}

function Export({ search }: { search: AuditSearch }) {
  const [format, setFormat] = useState("csv");
  const [reason, setReason] = useState("");
  const start = useMutation({
    mutationFn: async () => {
      const answer = (await post("/api/v1/audit/exports", {
        body: { format, filter: filterOf(search), ...(reason.trim() ? { reason: reason.trim() } : {}) } as never,
      })) as unknown as { job: { id: string } };
      return answer.job.id;
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate();
  };
  if (start.data) return <Job id={start.data} />;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <NativeSelect label="Format" data={FORMATS} value={format} onChange={(event) => setFormat(event.currentTarget.value)} />
        <TextInput label="Why" placeholder="Quarterly review" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <Text size="sm" c="dimmed">
          {Object.values(search).some((value) => value !== undefined) ? "The entries that the filters show." : "All entries."} The export is an entry itself.
        </Text>
        {start.isError && <Failure error={start.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={start.isPending}>
            Start
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Job({ id }: { id: string }) {
  const job = useQuery({
    queryKey: ["job", id],
    queryFn: () => get("/api/v1/audit/exports/{export}", { path: { export: id } }),
    refetchInterval: (query) => (query.state.data?.ended ? false : BETWEEN_LOOKS),
  });
  if (job.isError) return <Failure error={job.error} retry={() => job.refetch()} />;
  const { status, done, total, ended } = job.data ?? { status: "waiting", done: 0, total: null, ended: null };
  const percent = ended ? 100 : total ? (Number(done) / Number(total)) * 100 : 0;
  return (
    <Stack gap="sm">
      <Text role="status">{status === "finished" ? `${Number(done).toLocaleString()} entries are ready.` : `${status}: ${Number(done).toLocaleString()} entries`}</Text>
      <Progress value={percent} animated={!ended} aria-label="Progress of the export" />
      {status === "finished" && (
        <Button component="a" href={`/api/v1/audit/exports/${encodeURIComponent(id)}/file`} download leftSection={<Icon name="download" size={16} />}>
          Download
        </Button>
      )}
    </Stack>
  );
}

/** The filter as exports take it: truth values are such, actions are a list. */
function filterOf(search: AuditSearch): Record<string, unknown> {
  // Free text is no filter of an export: that comes from the log, never from a search.
  const { succeeded, imported, action, text: _, ...others } = search;
  return {
    ...others,
    ...(succeeded ? { succeeded: succeeded === "true" } : {}),
    ...(imported ? { imported: imported === "true" } : {}),
    ...(action ? { actions: action.split(",") } : {}),
  };
}
