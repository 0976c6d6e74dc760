import { ActionIcon, Badge, Box, Button, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { Icon } from "../../common/Icon";
import { Time } from "../../common/Time";
import { textOf, valueOf } from "../conditions";
import { freshId, type Override } from "../model";
import classes from "./FlagPage.module.css";

const KEY = "targetingKey";

/** People who are pinned to a variant, whatever the rules say. */
export function OverridesEditor({
  items,
  variants,
  readOnly,
  onChange,
}: {
  items: Override[];
  variants: string[];
  readOnly: boolean;
  onChange: (items: Override[]) => void;
}) {
  const put = (index: number, item: Override) => onChange(items.map((other, at) => (at === index ? item : other)));
  const add = () => onChange([...items, { id: freshId("o", items), targetingKey: "", variant: variants[0]! }]);
  if (readOnly && items.length === 0) return null;
  return (
    <Box component="section" className={classes.section} aria-label="Overrides">
      <Title order={3} mb={8}>
        Overrides
      </Title>
      <Stack gap={8}>
        {items.map((item, index) => (
          <Group key={item.id} gap={8} wrap="wrap">
            <TextInput
              aria-label="Attribute of the override"
              flex="0 1 150px"
              classNames={{ input: "key" }}
              readOnly={readOnly}
              value={item.attribute ?? KEY}
              onChange={(event) => put(index, by(item, event.currentTarget.value))}
            />
            <Text size="sm" c="dimmed">
              is
            </Text>
            <TextInput
              aria-label="Who is overridden"
              placeholder="user-7"
              flex="1 1 150px"
              classNames={{ input: "key" }}
              readOnly={readOnly}
              value={item.attribute === undefined ? (item.targetingKey ?? "") : textOf(item.value ?? "", "any")}
              onChange={(event) =>
                put(
                  index,
                  item.attribute === undefined
                    ? { ...item, targetingKey: event.currentTarget.value }
                    : { ...item, value: valueOf(event.currentTarget.value, "any") },
                )
              }
            />
            <Text size="sm" c="dimmed">
              gets
            </Text>
            <Select
              aria-label="Variant of the override"
              w={130}
              data={variants}
              allowDeselect={false}
              disabled={readOnly}
              value={item.variant}
              onChange={(variant) => variant && put(index, { ...item, variant })}
            />
            {item.emergency && <Badge color="flare">emergency</Badge>}
            {item.expiresAt && (
              <Text size="xs" c="dimmed">
                ends <Time at={item.expiresAt} />
              </Text>
            )}
            {!readOnly && (
              <ActionIcon aria-label="Remove the override" onClick={() => onChange(items.filter((_, at) => at !== index))}>
                <Icon name="trash" size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {!readOnly && (
          <Group>
            <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={add}>
              Pin somebody
            </Button>
          </Group>
        )}
      </Stack>
    </Box>
  );
}

/** The same person named by another attribute. */
function by(item: Override, attribute: string): Override {
  const { targetingKey, attribute: _, value, ...others } = item;
  const who = item.attribute === undefined ? (targetingKey ?? "") : (value ?? "");
  return attribute === KEY ? { ...others, targetingKey: String(who) } : { ...others, attribute, value: who };
}
