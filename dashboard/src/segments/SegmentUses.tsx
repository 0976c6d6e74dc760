import { Badge } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { segmentsQuery, segmentUsesQuery } from "../api/queries";
import { Item, Items } from "../common/Items";
import { Link } from "../common/Link";
import { Empty, Failure, Rows } from "../common/States";
import { placesOf, segmentOf, usesSegment } from "./segment";

/** What follows when the segment changes: flags whose rules name it, and other segments. */
export function SegmentUses({ project, segment }: { project: string; segment: string }) {
  const flags = useQuery(segmentUsesQuery(project, segment));
  const { data: segments = [] } = useQuery(segmentsQuery(project));
  if (flags.isError) return <Failure error={flags.error} retry={() => flags.refetch()} />;
  if (flags.isPending) return <Rows count={4} height={54} />;
  const others = segments.map(segmentOf).filter((other) => usesSegment(other, segment));
  if (flags.data.length + others.length === 0) {
    return (
      <Empty icon="flag" title="Nothing uses it">
        Name it in a rule of a flag: “is in segment {segment}”. Until then it can be deleted.
      </Empty>
    );
  }
  return (
    <Items label="Where it is used">
      {flags.data.map((flag) => (
        <Item
          key={flag.key}
          mono
          title={
            <Link to="/projects/$project/flags/$flag" params={{ project, flag: flag.key }} search={{}} className="plain">
              {flag.key}
            </Link>
          }
          about={placesOf(flag, segment)
            .map(({ environment, rules }) => `${environment}: ${rules.length === 1 ? "rule" : "rules"} ${rules.join(", ")}`)
            .join(" · ")}
          state={<Badge color="gray">flag</Badge>}
        />
      ))}
      {others.map((other) => (
        <Item
          key={`segment ${other.key}`}
          mono
          title={
            <Link to="/projects/$project/segments/$segment" params={{ project, segment: other.key }} search={{}} className="plain">
              {other.key}
            </Link>
          }
          about="Its rules name it."
          state={<Badge color="gray">segment</Badge>}
        />
      ))}
    </Items>
  );
}
