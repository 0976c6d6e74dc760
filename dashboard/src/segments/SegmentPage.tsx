import { Box, Button, Group, SimpleGrid, Stack, Tabs, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useBlocker, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { segmentQuery, segmentsQuery } from "../api/queries";
import { Review } from "../changes/Review";
import { Icon } from "../common/Icon";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { Failure, Rows } from "../common/States";
import { DraftBar } from "../flags/page/DraftBar";
import { usePermissions } from "../session/session";
import { KeysField } from "./KeysField";
import { SegmentHistory } from "./SegmentHistory";
import { type SegmentModel, segmentOf, segmentOperations, segmentProblems, sizeText } from "./segment";
import { SegmentRules } from "./SegmentRules";
import { SegmentUses } from "./SegmentUses";

/** One segment: who belongs to it, what names it, what became of it. */
export function SegmentPage() {
  const { project, segment: key } = useParams({ from: "/shell/projects/$project/segments/$segment" });
  const segment = useQuery(segmentQuery(project, key));
  if (segment.isError || segment.isPending) {
    return (
      <>
        <PageHeader title={key} mono above={<Above project={project} />} />
        {segment.isError ? <Failure error={segment.error} retry={() => segment.refetch()} /> : <Rows count={8} />}
      </>
    );
  }
  return <SegmentEditor key={key} project={project} segment={segmentOf(segment.data)} />;
}

function Above({ project }: { project: string }) {
  return (
    <Link to="/projects/$project/segments" params={{ project }} search={{}} size="xs">
      Segments
    </Link>
  );
}

function SegmentEditor({ project, segment }: { project: string; segment: SegmentModel }) {
  const { tab = "members" } = useSearch({ from: "/shell/projects/$project/segments/$segment" });
  const navigate = useNavigate({ from: "/projects/$project/segments/$segment" });
  const { may, mayPropose } = usePermissions();
  const [edited, setEdited] = useState<SegmentModel | null>(null);
  const [base, setBase] = useState(segment);
  const [step, setStep] = useState<"save" | "delete" | null>(null);
  const [generation, setGeneration] = useState(0);
  const [isGone, setGone] = useState(false);
  const draft = edited ?? segment;
  const operations = useMemo(() => (edited ? segmentOperations(base, edited) : []), [base, edited]);
  const problems = useMemo(() => (edited ? segmentProblems(edited) : []), [edited]);
  const readOnly = !mayPropose("segment.updated");
  const edit = (part: Partial<SegmentModel>) => {
    if (!edited) setBase(segment);
    setEdited({ ...draft, ...part });
  };
  const discard = () => {
    setEdited(null);
    setGeneration((before) => before + 1);
    setStep(null);
  };
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      current.pathname !== next.pathname && operations.length > 0 && !isGone && !window.confirm("Leave without saving? Your draft would be lost."),
    enableBeforeUnload: () => operations.length > 0,
  });
  const tabs = [
    { value: "members", label: "Who belongs" },
    ...(may("flag.read") ? [{ value: "uses", label: "Where it is used" }] : []),
    ...(may("audit.read") ? [{ value: "history", label: "History" }] : []),
  ];
  return (
    <Box pb={operations.length > 0 ? 72 : 0}>
      <PageHeader
        title={segment.key}
        mono
        above={<Above project={project} />}
        actions={
          mayPropose("segment.deleted") && (
            <Button variant="default" leftSection={<Icon name="trash" size={16} />} onClick={() => setStep("delete")}>
              Delete
            </Button>
          )
        }
      >
        {segment.name !== segment.key && <Text fw={560}>{segment.name}</Text>}
        {segment.description && (
          <Text c="dimmed" maw={760}>
            {segment.description}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {sizeText(segment)} · revision {segment.revision}
        </Text>
      </PageHeader>
      <Tabs
        value={tab}
        onChange={(value) => navigate({ search: { tab: value as typeof tab }, replace: true, resetScroll: false })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {tabs.map((item) => (
            <Tabs.Tab key={item.value} value={item.value}>
              {item.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="members">
          {/* Fields keep what is typed in them; a draft that was left, and another revision, are other fields. */}
          <Members
            key={`${generation} ${(edited ? base : segment).revision}`}
            project={project}
            draft={draft}
            readOnly={readOnly}
            edit={edit}
          />
        </Tabs.Panel>
        <Tabs.Panel value="uses">
          <SegmentUses project={project} segment={segment.key} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <SegmentHistory project={project} segment={segment.key} />
        </Tabs.Panel>
      </Tabs>
      {operations.length > 0 && (
        <DraftBar
          what="segment"
          count={Object.keys(operations[0]!).length - 3}
          problems={problems}
          isStale={segment.revision !== base.revision}
          onDiscard={discard}
          onReview={() => setStep("save")}
        />
      )}
      {step && (
        <Review
          project={project}
          operations={step === "save" ? operations : [{ op: "deleteSegment", segment: segment.key, baseRevision: segment.revision }]}
          title={step === "save" ? `Save ${segment.key}` : `Delete ${segment.key}`}
          onClose={() => setStep(null)}
          onDone={(answer) => {
            if (step === "delete" && answer.status === "applied") {
              setGone(true);
              void navigate({ to: "/projects/$project/segments", params: { project }, search: {} });
            } else discard();
          }}
        />
      )}
    </Box>
  );
}

function Members({
  project,
  draft,
  readOnly,
  edit,
}: {
  project: string;
  draft: SegmentModel;
  readOnly: boolean;
  edit: (part: Partial<SegmentModel>) => void;
}) {
  const { data: segments = [] } = useQuery(segmentsQuery(project));
  const others = segments.map((item) => item.key).filter((key) => key !== draft.key);
  return (
    <Stack gap="lg">
      <SegmentRules rules={draft.rules} segments={others} readOnly={readOnly} onChange={(rules) => edit({ rules })} />
      <section aria-label="Single members">
        <Title order={3} mb={8}>
          Single members
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <KeysField
            label="Always in"
            description="Targeting keys, one a line; whatever the rules say."
            initial={draft.includes}
            readOnly={readOnly}
            onChange={(includes) => edit({ includes })}
          />
          <KeysField
            label="Never in"
            description="Targeting keys, one a line; this wins over all else."
            initial={draft.excludes}
            readOnly={readOnly}
            onChange={(excludes) => edit({ excludes })}
          />
        </SimpleGrid>
      </section>
      <section aria-label="Description">
        <Title order={3} mb={8}>
          Description
        </Title>
        <Group align="flex-start" grow preventGrowOverflow={false}>
          <TextInput
            label="Name"
            miw={240}
            readOnly={readOnly}
            value={draft.name}
            onChange={(event) => edit({ name: event.currentTarget.value })}
          />
          <Textarea
            label="What it is for"
            miw={240}
            autosize
            readOnly={readOnly}
            value={draft.description}
            onChange={(event) => edit({ description: event.currentTarget.value })}
          />
        </Group>
      </section>
    </Stack>
  );
}
