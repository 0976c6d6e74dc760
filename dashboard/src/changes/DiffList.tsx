import { Badge, Box, Group, Text } from "@mantine/core";
import type { Preview } from "../api/queries";
import classes from "./DiffList.module.css";

/** What a change means, in words, by environment. */
export function DiffList({ diff, environments, resources = [] }: Pick<Preview, "diff" | "environments"> & Partial<Pick<Preview, "resources">>) {
  const kinds = [...new Set(resources.map((resource) => resource.kind))];
  const places = [...new Set(diff.map((item) => item.environment ?? ""))];
  return (
    <Box className={classes.list}>
      {places.map((place) => (
        <Box key={place} className={classes.place}>
          <Group gap={8} mb={4}>
            <Text fw={600} size="sm" className="key">
              {place || (kinds.length === 1 ? `The ${kinds[0]} itself` : "Everywhere")}
            </Text>
            {place && <TypeBadge type={environments.find((item) => item.key === place)?.type} />}
          </Group>
          <ul>
            {counted(diff.filter((item) => (item.environment ?? "") === place)).map(({ item, times }) => (
              <li key={item.action + item.description}>
                <i className={classes.sign} data-kind={signOf(item.action)} aria-hidden />
                <span>
                  {item.description}
                  {times > 1 && ` (${times} times)`}
                </span>
              </li>
            ))}
          </ul>
        </Box>
      ))}
    </Box>
  );
}

/** Of several flags the same may be said: then once, and how often. */
function counted(diff: Preview["diff"]) {
  const items = new Map<string, { item: Preview["diff"][number]; times: number }>();
  for (const item of diff) {
    const words = item.action + item.description;
    const known = items.get(words);
    if (known) known.times++;
    else items.set(words, { item, times: 1 });
  }
  return [...items.values()];
}

const TYPE_COLOURS: Record<string, string> = { production: "flare", staging: "signal", development: "tide" };

/** What kind of environment it is; production stands out. */
export function TypeBadge({ type }: { type: string | undefined }) {
  return type ? <Badge color={TYPE_COLOURS[type] ?? "gray"}>{type}</Badge> : null;
}

function signOf(action: string): "added" | "removed" | "changed" {
  if (/(added|created|enabled|started)$/.test(action)) return "added";
  return /(removed|deleted|disabled|stopped|archived)$/.test(action) ? "removed" : "changed";
}
