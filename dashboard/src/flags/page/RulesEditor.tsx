import { ActionIcon, Box, Button, Group, Select, Stack, Switch, TagsInput, Text, TextInput, Title, Tooltip } from "@mantine/core";
import { Icon } from "../../common/Icon";
import { conditionProblem, OPERATORS, operatorOf, textOf, valueOf } from "../conditions";
import { type Condition, freshId, type Rule } from "../model";
import classes from "./FlagPage.module.css";
import { ServeEditor } from "./ServeEditor";

const OPERATOR_DATA = OPERATORS.map((group) => ({
  group: group.group,
  items: group.items.map((item) => ({ value: item.name, label: item.words })),
}));

/** Who gets what, rule after rule; the first that fits decides. */
export function RulesEditor({
  rules,
  variants,
  segments,
  readOnly,
  onChange,
}: {
  rules: Rule[];
  variants: string[];
  segments: string[];
  readOnly: boolean;
  onChange: (rules: Rule[]) => void;
}) {
  const put = (index: number, rule: Rule) => onChange(rules.map((item, at) => (at === index ? rule : item)));
  const move = (index: number, by: number) => {
    const next = [...rules];
    const [rule] = next.splice(index, 1);
    next.splice(index + by, 0, rule!);
    onChange(next);
  };
  const add = () =>
    onChange([
      ...rules,
      { id: freshId("r", rules), name: "", enabled: true, conditions: [{ attribute: "", operator: "equals", values: [] }], serve: { variant: variants[0]! } },
    ]);
  return (
    <Box component="section" className={classes.section} aria-label="Rules">
      <Title order={3} mb={8}>
        Rules
      </Title>
      <Stack gap={10}>
        {rules.length === 0 && (
          <Text size="sm" c="dimmed">
            No rules: everyone is treated alike.
          </Text>
        )}
        {rules.map((rule, index) => (
          <div key={rule.id} className={classes.rule} data-off={rule.enabled === false || undefined} role="group" aria-label={`Rule ${index + 1}`}>
            <div className={classes.ruleHead}>
              <span className={classes.number}>{index + 1}</span>
              <TextInput
                aria-label={`Name of rule ${index + 1}`}
                placeholder="What this rule is for"
                variant="unstyled"
                flex={1}
                readOnly={readOnly}
                value={rule.name ?? ""}
                onChange={(event) => put(index, { ...rule, name: event.currentTarget.value })}
              />
              <Switch
                size="xs"
                aria-label={`Rule ${index + 1} is on`}
                checked={rule.enabled !== false}
                disabled={readOnly}
                onChange={(event) => put(index, { ...rule, enabled: event.currentTarget.checked })}
              />
              {!readOnly && (
                <>
                  <Tool icon="up" label={`Move rule ${index + 1} up`} disabled={index === 0} onClick={() => move(index, -1)} />
                  <Tool icon="down" label={`Move rule ${index + 1} down`} disabled={index === rules.length - 1} onClick={() => move(index, 1)} />
                  <Tool icon="trash" label={`Remove rule ${index + 1}`} onClick={() => onChange(rules.filter((_, at) => at !== index))} />
                </>
              )}
            </div>
            <div className={classes.ruleBody}>
              <Conditions
                conditions={rule.conditions}
                segments={segments}
                readOnly={readOnly}
                onChange={(conditions) => put(index, { ...rule, conditions })}
              />
              <ServeEditor serve={rule.serve} variants={variants} readOnly={readOnly} onChange={(serve) => put(index, { ...rule, serve })} />
            </div>
          </div>
        ))}
        {!readOnly && (
          <Group>
            <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={add}>
              Add a rule
            </Button>
          </Group>
        )}
      </Stack>
    </Box>
  );
}

function Tool({ icon, label, disabled, onClick }: { icon: "up" | "down" | "trash"; label: string; disabled?: boolean; onClick: () => void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="sm" aria-label={label} disabled={disabled} onClick={onClick}>
        <Icon name={icon} size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

/** The conditions of one rule, all of which must hold. */
export function Conditions({
  conditions,
  segments,
  readOnly,
  onChange,
}: {
  conditions: Condition[];
  segments: string[];
  readOnly: boolean;
  onChange: (conditions: Condition[]) => void;
}) {
  const put = (index: number, condition: Condition) => onChange(conditions.map((item, at) => (at === index ? condition : item)));
  return (
    <Stack gap={8}>
      {conditions.length === 0 && (
        <Text size="sm" c="dimmed">
          For everyone
        </Text>
      )}
      {conditions.map((condition, index) => (
        <ConditionRow
          key={index}
          first={index === 0}
          condition={condition}
          segments={segments}
          readOnly={readOnly}
          onChange={(next) => put(index, next)}
          onRemove={() => onChange(conditions.filter((_, at) => at !== index))}
        />
      ))}
      {!readOnly && (
        <Group>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<Icon name="plus" size={13} />}
            onClick={() => onChange([...conditions, { attribute: "", operator: "equals", values: [] }])}
          >
            Add a condition
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function ConditionRow({
  first,
  condition,
  segments,
  readOnly,
  onChange,
  onRemove,
}: {
  first: boolean;
  condition: Condition;
  segments: string[];
  readOnly: boolean;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}) {
  const { takes } = operatorOf(condition.operator);
  const problem = conditionProblem(condition);
  const choose = (name: string) => {
    const next = operatorOf(name).takes;
    const { attribute, ...others } = condition;
    onChange({
      ...others,
      ...(next === "segment" ? {} : { attribute: attribute ?? "" }),
      operator: name,
      // What was typed is read anew as what the operator takes.
      values: next === "nothing" ? [] : next === "segment" || takes === "segment" ? [] : condition.values.map((value) => valueOf(textOf(value, takes), next)),
    });
  };
  return (
    <div className={classes.condition}>
      <span className={classes.word}>{first ? "if" : "and"}</span>
      {takes === "segment" ? (
        <TextInput aria-label="Attribute" value="the person" readOnly variant="filled" />
      ) : (
        <TextInput
          aria-label="Attribute"
          placeholder="country"
          classNames={{ input: "key" }}
          readOnly={readOnly}
          value={condition.attribute ?? ""}
          onChange={(event) => onChange({ ...condition, attribute: event.currentTarget.value })}
        />
      )}
      <Select
        aria-label="Operator"
        data={OPERATOR_DATA}
        value={condition.operator}
        allowDeselect={false}
        searchable
        disabled={readOnly}
        onChange={(name) => name && choose(name)}
      />
      {takes === "nothing" ? (
        <span className={classes.values} />
      ) : (
        <TagsInput
          className={classes.values!}
          aria-label="Values"
          placeholder={condition.values.length === 0 ? PLACEHOLDERS[takes] : ""}
          classNames={{ input: "key" }}
          data={takes === "segment" ? segments : []}
          readOnly={readOnly}
          acceptValueOnBlur
          value={condition.values.map((value) => textOf(value, takes))}
          onChange={(values) => onChange({ ...condition, values: values.map((value) => valueOf(value, takes)) })}
        />
      )}
      <Group gap={4} wrap="nowrap" className={classes.acts!}>
        <Tooltip label="Turn the condition round">
          <Button
            size="xs"
            px={8}
            variant={condition.negate ? "filled" : "default"}
            aria-pressed={condition.negate === true}
            disabled={readOnly}
            onClick={() => onChange({ ...condition, negate: !condition.negate })}
          >
            not
          </Button>
        </Tooltip>
        {!readOnly && (
          <ActionIcon size={30} aria-label="Remove the condition" onClick={onRemove}>
            <Icon name="cross" size={15} />
          </ActionIcon>
        )}
      </Group>
      {problem && !readOnly && <span className={classes.problem}>{problem}</span>}
    </div>
  );
}

const PLACEHOLDERS: Record<string, string> = {
  any: "de, at, ch",
  text: "@example.com",
  number: "18",
  range: "18, 65",
  version: "2.1.0",
  time: "2026-01-31T09:30:00Z",
  address: "10.0.0.0/8",
  segment: "beta",
  pattern: "^user-\\d+$",
};
