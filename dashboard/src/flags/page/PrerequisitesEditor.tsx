import { ActionIcon, Box, Button, Group, Select, Stack, TagsInput, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { glancesQuery } from "../../api/queries";
import { Icon } from "../../common/Icon";
import type { Prerequisite } from "../model";
import classes from "./FlagPage.module.css";

const SHOWN = 40;

/** Flags that must serve something first. */
export function PrerequisitesEditor({
  project,
  flag,
  items,
  readOnly,
  onChange,
}: {
  project: string;
  flag: string;
  items: Prerequisite[];
  readOnly: boolean;
  onChange: (items: Prerequisite[]) => void;
}) {
  const { data: flags = [] } = useQuery({ ...glancesQuery(project), enabled: !readOnly });
  const keys = useMemo(() => flags.map((item) => item.key).filter((key) => key !== flag), [flags, flag]);
  const put = (index: number, item: Prerequisite) => onChange(items.map((other, at) => (at === index ? item : other)));
  if (readOnly && items.length === 0) return null;
  return (
    <Box component="section" className={classes.section} aria-label="Prerequisites">
      <Title order={3} mb={8}>
        Prerequisites
      </Title>
      <Stack gap={8}>
        {items.map((item, index) => (
          <Group key={index} gap={8}>
            <Select
              aria-label="Flag that is needed"
              placeholder="A flag"
              flex="1 1 200px"
              classNames={{ input: "key" }}
              searchable
              limit={SHOWN}
              data={keys.includes(item.flag) || item.flag === "" ? keys : [item.flag, ...keys]}
              value={item.flag || null}
              disabled={readOnly}
              onChange={(key) => put(index, { ...item, flag: key ?? "" })}
            />
            <Text size="sm" c="dimmed">
              must serve
            </Text>
            <TagsInput
              aria-label="Variants that are needed"
              placeholder={item.variants.length === 0 ? "on" : ""}
              flex="1 1 160px"
              classNames={{ input: "key" }}
              acceptValueOnBlur
              value={item.variants}
              readOnly={readOnly}
              onChange={(variants) => put(index, { ...item, variants })}
            />
            {!readOnly && (
              <ActionIcon aria-label="Remove the prerequisite" onClick={() => onChange(items.filter((_, at) => at !== index))}>
                <Icon name="trash" size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {!readOnly && (
          <Group>
            <Button
              size="xs"
              variant="default"
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => onChange([...items, { flag: "", variants: ["on"] }])}
            >
              Need another flag
            </Button>
          </Group>
        )}
      </Stack>
    </Box>
  );
}
