import { Badge, Group, Stack, Text } from "@mantine/core";
import type { ChangeRequest } from "../api/queries";
import { Link } from "../common/Link";
import list from "../changes/DiffList.module.css";
import { operationText, subjectOf, textsOf } from "./operation-text";

type Operation = { op: string; flag?: string; environment?: string } & Record<string, unknown>;

/** What a request holds, flag by flag and environment by environment. */
export function OperationList({ request }: { request: ChangeRequest }) {
  const operations = request.operations as Operation[];
  const places = Map.groupBy(operations, (item) => `${subjectOf(item)} ${item.flag ? (item.environment ?? "") : ""}`);
  return (
    <Stack gap="sm" className={list.place!}>
      {[...places.values()].map((items) => {
        const [first] = items;
        const environment = first!.flag ? first!.environment : undefined;
        const base = request.bases.find((item) => item.key === subjectOf(first!));
        return (
          <div key={JSON.stringify(first)}>
            <Group gap={8} mb={4}>
              {first!.flag && request.project ? (
                <Link
                  to="/projects/$project/flags/$flag"
                  params={{ project: request.project, flag: first!.flag }}
                  search={environment ? { env: environment } : {}}
                  className="key"
                  fw={600}
                >
                  {first!.flag}
                </Link>
              ) : (
                <Text fw={600} className="key">
                  {subjectOf(first!) || "Policies"}
                </Text>
              )}
              {environment && <Badge color="gray">{environment}</Badge>}
              {base && (
                <Text size="xs" c="dimmed">
                  based on revision {base.revision}
                </Text>
              )}
            </Group>
            <ul>
              {items.map((item, index) => (
                <li key={index}>
                  <i className={list.sign} aria-hidden />
                  <div className={list.what}>
                    {operationText(item)}
                    {textsOf(item).map(({ title, text }) => (
                      <details key={title}>
                        <summary>{title}</summary>
                        <pre tabIndex={0}>{text}</pre>
                      </details>
                    ))}
                  </div>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </Stack>
  );
}
