import type { Sink } from "../api/queries";

/** A sink as its form works with it (docs/sinks.md). Secrets are named, never written. */
export type SinkDraft = {
  key: string;
  kind: string;
  mode: string;
  target: string;
  targetSecret: string;
  secret: string;
  previousSecret: string;
  groupSeconds: number;
  enabled: boolean;
  fromStart: boolean;
  filter: Filter;
};

export type Filter = {
  projects?: readonly string[] | null;
  actions?: readonly string[] | null;
  environmentTypes?: readonly string[] | null;
  tags?: readonly string[] | null;
  succeeded?: boolean | null;
  classes?: readonly string[] | null;
};

export const KINDS = [
  { value: "webhook", label: "Webhook" },
  { value: "slack", label: "Slack" },
  { value: "file", label: "File of the server" },
  { value: "opensearch", label: "OpenSearch or Elasticsearch" },
];

export const CLASSES = [
  { value: "production-change", label: "Changes that reach production" },
  { value: "access-change", label: "Changes of who may do what" },
  { value: "critical-tag", label: "Changes of flags tagged critical" },
  { value: "verification-failed", label: "A log that contradicts itself" },
];

/** How a kind may tell: webhooks either way, the others one. */
export const modesOf = (kind: string): string[] => (kind === "webhook" ? ["stream", "alert"] : kind === "slack" ? ["alert"] : ["stream"]);

export const newSink = (): SinkDraft => ({
  key: "",
  kind: "webhook",
  mode: "stream",
  target: "",
  targetSecret: "",
  secret: "",
  previousSecret: "",
  groupSeconds: 60,
  enabled: true,
  fromStart: false,
  filter: {},
});

export const draftOf = (sink: Sink): SinkDraft => ({
  key: sink.key,
  kind: sink.kind,
  mode: sink.mode,
  target: sink.target ?? "",
  targetSecret: sink.targetSecret ?? "",
  secret: sink.secret ?? "",
  previousSecret: sink.previousSecret ?? "",
  groupSeconds: sink.groupSeconds,
  enabled: sink.enabled,
  fromStart: false,
  filter: sink.filter,
});

/** The same sink of another kind: what that does not have goes. */
export function withKind(draft: SinkDraft, kind: string): SinkDraft {
  const mode = modesOf(kind).includes(draft.mode) ? draft.mode : modesOf(kind)[0]!;
  return {
    ...draft,
    kind,
    mode,
    target: kind === "slack" ? "" : draft.target,
    targetSecret: kind === "file" ? "" : draft.targetSecret,
    secret: kind === "slack" || kind === "file" ? "" : draft.secret,
    previousSecret: kind === "webhook" ? draft.previousSecret : "",
  };
}

/** The first thing that is missing; the server looks at all of it. */
export function sinkProblem(draft: SinkDraft): string | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(draft.key)) return "Give it a key.";
  if (draft.kind === "slack" && !draft.targetSecret) return "Name the secret that is the address.";
  if (draft.kind === "file" && !draft.target.endsWith(".jsonl")) return "The file's name ends with .jsonl.";
  if (!draft.target && !draft.targetSecret) return "Say where it goes.";
  if (draft.target && draft.targetSecret) return "Give the address or the secret that is the address.";
  return draft.kind === "webhook" && !draft.secret ? "Name the secret that signs." : null;
}

/** The settings as the API takes them; what is empty is left out. */
export function bodyOf(draft: SinkDraft, isNew: boolean): Record<string, unknown> {
  const filter = Object.fromEntries(
    Object.entries(draft.filter).filter(([name, value]) =>
      name === "classes" && draft.mode !== "alert" ? false : Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined,
    ),
  );
  const texts = ["target", "targetSecret", "secret", "previousSecret"] as const;
  return {
    ...(isNew ? { key: draft.key, ...(draft.fromStart ? { from: 0 } : {}) } : {}),
    kind: draft.kind,
    mode: draft.mode,
    ...Object.fromEntries(texts.filter((name) => draft[name] !== "").map((name) => [name, draft[name]])),
    ...(Object.keys(filter).length > 0 ? { filter } : {}),
    ...(draft.mode === "alert" ? { groupSeconds: draft.groupSeconds } : {}),
    enabled: draft.enabled,
  };
}

/** What goes to the sink, in words. */
export function filterText(filter: Filter): string {
  const labels = (filter.classes ?? []).map((name) => CLASSES.find((item) => item.value === name)?.label.toLowerCase() ?? name);
  const parts = [
    labels.join(" and "),
    filter.actions?.join(", ") ?? "",
    filter.projects?.length ? `in ${filter.projects.join(" or ")}` : "",
    filter.environmentTypes?.length ? `where it is ${filter.environmentTypes.join(" or ")}` : "",
    filter.tags?.length ? `tagged ${filter.tags.join(" or ")}` : "",
    filter.succeeded === false ? "denied or failed alone" : filter.succeeded === true ? "what succeeded alone" : "",
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(" · ") : "every entry";
}
