import { Badge, Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { segmentsQuery } from "../api/queries";
import { Icon } from "../common/Icon";
import { Item, Items } from "../common/Items";
import { Link } from "../common/Link";
import { PageHeader } from "../common/PageHeader";
import { Empty, Failure, Rows } from "../common/States";
import { usePermissions } from "../session/session";
import { CreateSegment } from "./CreateSegment";
import { segmentOf, sizeText } from "./segment";

/** The segments of a project: groups of people or things that rules of flags name. */
export function SegmentsPage() {
  const { project } = useParams({ from: "/shell/projects/$project/segments" });
  const { q = "", create } = useSearch({ from: "/shell/projects/$project/segments" });
  const navigate = useNavigate({ from: "/projects/$project/segments" });
  const { mayPropose } = usePermissions();
  const segments = useQuery(segmentsQuery(project));
  const sought = q.trim().toLowerCase();
  const all = (segments.data ?? []).map(segmentOf);
  const shown = all.filter((segment) => [segment.key, segment.name, segment.description].some((text) => text.toLowerCase().includes(sought)));
  const open = () => navigate({ search: (now) => ({ ...now, create: true }) });
  const button = mayPropose("segment.created") && (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>
      Create segment
    </Button>
  );
  return (
    <>
      <PageHeader title="Segments" actions={all.length > 0 && button} />
      {segments.isError ? (
        <Failure error={segments.error} retry={() => segments.refetch()} />
      ) : segments.isPending ? (
        <Rows count={5} height={54} />
      ) : all.length === 0 ? (
        <Empty icon="segment" title="No segments yet" action={button || undefined}>
          A segment names a group once, so that rules of many flags can serve it and follow when it changes.
        </Empty>
      ) : (
        <>
          <TextInput
            mb="md"
            maw={360}
            aria-label="Search segments"
            placeholder="Search by key, name or description"
            leftSection={<Icon name="search" size={16} />}
            defaultValue={q}
            onChange={(event) => navigate({ search: (now) => ({ ...now, q: event.currentTarget.value || undefined }), replace: true })}
          />
          {shown.length === 0 ? (
            <Empty icon="search" title="No segment fits">
              Search for fewer letters.
            </Empty>
          ) : (
            <Items label="Segments">
              {shown.map((segment) => (
                <Item
                  key={segment.key}
                  mono
                  title={
                    <Link to="/projects/$project/segments/$segment" params={{ project, segment: segment.key }} className="plain">
                      {segment.key}
                    </Link>
                  }
                  about={[segment.name === segment.key ? "" : segment.name, segment.description].filter(Boolean).join(" · ")}
                  state={<Badge color="gray">{sizeText(segment)}</Badge>}
                />
              ))}
            </Items>
          )}
        </>
      )}
      {create && <CreateSegment project={project} segments={all} close={() => navigate({ search: (now) => ({ ...now, create: undefined }) })} />}
    </>
  );
}
