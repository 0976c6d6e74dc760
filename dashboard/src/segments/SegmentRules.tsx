import { ActionIcon, Box, Button, Group, Stack, Text, Title, Tooltip } from "@mantine/core";
import { Icon } from "../common/Icon";
import { freshId } from "../flags/model";
import classes from "../flags/page/FlagPage.module.css";
import { Conditions } from "../flags/page/RulesEditor";
import type { SegmentRule } from "./segment";

/** Rules by which people belong to a segment; one that fits is enough, so their order says nothing. */
export function SegmentRules({
  rules,
  segments,
  readOnly,
  onChange,
}: {
  rules: SegmentRule[];
  segments: string[];
  readOnly: boolean;
  onChange: (rules: SegmentRule[]) => void;
}) {
  return (
    <Box component="section" aria-label="Rules">
      <Title order={3} mb={4}>
        Rules
      </Title>
      <Text size="sm" c="dimmed" mb={10}>
        {rules.length === 0 ? "No rules: those named below belong to it, and nobody else." : "Whoever fits one of them belongs to it."}
      </Text>
      <Stack gap={10}>
        {rules.map((rule, index) => (
          <div key={rule.id} className={classes.rule} role="group" aria-label={`Rule ${index + 1}`}>
            <div className={classes.ruleHead}>
              <span className={classes.number}>{index + 1}</span>
              <Text size="sm" c="dimmed" flex={1}>
                {index === 0 ? "Those for whom all of this holds" : "or all of this"}
              </Text>
              {!readOnly && (
                <Tooltip label={`Remove rule ${index + 1}`}>
                  <ActionIcon size="sm" aria-label={`Remove rule ${index + 1}`} onClick={() => onChange(rules.filter((_, at) => at !== index))}>
                    <Icon name="trash" size={16} />
                  </ActionIcon>
                </Tooltip>
              )}
            </div>
            <div className={classes.ruleBody}>
              <Conditions
                conditions={rule.conditions}
                segments={segments}
                readOnly={readOnly}
                onChange={(conditions) => onChange(rules.map((item, at) => (at === index ? { ...item, conditions } : item)))}
              />
            </div>
          </div>
        ))}
        {!readOnly && (
          <Group>
            <Button
              size="xs"
              variant="default"
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => onChange([...rules, { id: freshId("s", rules), conditions: [{ attribute: "", operator: "equals", values: [] }] }])}
            >
              Add a rule
            </Button>
          </Group>
        )}
      </Stack>
    </Box>
  );
}
