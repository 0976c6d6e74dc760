import { ActionIcon, Button, Group, Stack, Text, Textarea, TextInput, Tooltip } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../common/Icon";
import type { Variant } from "./model";
import { freshVariantKey, parseValue } from "./values";

/** The values that a flag may answer, each under its name. */
export function VariantsEditor({
  type,
  variants,
  onChange,
  used,
  readOnly = false,
}: {
  type: string;
  variants: Variant[];
  onChange: (variants: Variant[]) => void;
  /** The keys that something still serves: these cannot be removed. */
  used: ReadonlySet<string>;
  readOnly?: boolean;
}) {
  const replace = (index: number, part: Partial<Variant>) =>
    onChange(variants.map((item, at) => (at === index ? { ...item, ...part } : item)));
  return (
    <Stack gap={8}>
      <Text size="sm" fw={500}>
        Variants
      </Text>
      {variants.map((variant, index) => (
        <Group key={`${variants.length} ${index}`} gap={8} align="flex-start">
          <TextInput
            aria-label={`Key of variant ${index + 1}`}
            flex="0 1 140px"
            classNames={{ input: "key" }}
            readOnly={readOnly || used.has(variant.key)}
            value={variant.key}
            onChange={(event) => replace(index, { key: event.currentTarget.value })}
          />
          <ValueInput
            type={type}
            label={`Value of variant ${variant.key}`}
            value={variant.value}
            readOnly={readOnly}
            onChange={(value) => replace(index, { value })}
          />
          <TextInput
            aria-label={`Description of variant ${variant.key}`}
            placeholder="What it means"
            flex="1 1 140px"
            readOnly={readOnly}
            value={variant.description ?? ""}
            onChange={(event) => replace(index, { description: event.currentTarget.value })}
          />
          {!readOnly && (
            <Tooltip label={used.has(variant.key) ? "Something serves it" : "Remove"}>
              <ActionIcon
                size={34}
                aria-label={`Remove variant ${variant.key}`}
                disabled={used.has(variant.key) || variants.length === 1}
                onClick={() => onChange(variants.filter((_, at) => at !== index))}
              >
                <Icon name="trash" size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      ))}
      {!readOnly && type !== "boolean" && (
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => onChange([...variants, { key: freshVariantKey(variants), value: type === "number" ? 0 : type === "json" ? {} : "" }])}
          >
            Add a variant
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function ValueInput({
  type,
  label,
  value,
  readOnly,
  onChange,
}: {
  type: string;
  label: string;
  value: unknown;
  readOnly: boolean;
  onChange: (value: unknown) => void;
}) {
  const [text, setText] = useState(() => (type === "string" ? String(value) : JSON.stringify(value)));
  const parsed = parseValue(type, text);
  return (
    <Textarea
      aria-label={label}
      autosize
      minRows={1}
      maxRows={8}
      flex="2 1 160px"
      classNames={{ input: "key" }}
      readOnly={readOnly || type === "boolean"}
      error={parsed.problem}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const next = parseValue(type, event.currentTarget.value);
        if (!next.problem) onChange(next.value);
      }}
    />
  );
}
