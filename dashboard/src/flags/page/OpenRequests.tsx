import { Alert, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { requestsQuery } from "../../api/queries";
import { Icon } from "../../common/Icon";
import { Link } from "../../common/Link";
import { isOpen, stateOf } from "../../requests/states";
import { usePermissions } from "../../session/session";

/** Changes of this flag that wait for something: whoever edits it should know. */
export function OpenRequests({ project, flag }: { project: string; flag: string }) {
  const { may } = usePermissions();
  const requests = useInfiniteQuery({ ...requestsQuery({ project, open: true }), enabled: may("change-request.read") });
  const waiting = (requests.data?.pages[0]?.items ?? []).filter(
    (request) => isOpen(request) && request.operations.some((operation) => (operation as { flag?: string }).flag === flag),
  );
  if (waiting.length === 0) return null;
  return (
    <Alert color="signal" variant="light" py={8} mb="md" icon={<Icon name="inbox" />}>
      <Text size="sm">
        {waiting.length === 1 ? "A change of this flag is under way: " : "Changes of this flag are under way: "}
        {waiting.map((request, index) => (
          <span key={request.id}>
            {index > 0 && ", "}
            <Link to="/requests/$id" params={{ id: request.id }}>
              {request.title || "without a reason"}
            </Link>{" "}
            ({stateOf(request.state).words})
          </span>
        ))}
      </Text>
    </Alert>
  );
}
