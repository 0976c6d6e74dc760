import { Textarea } from "@mantine/core";
import { useState } from "react";
import { keysOf, MOST_KEYS } from "./segment";

/** Thousands of targeting keys, one a line: they are pasted more often than typed. */
export function KeysField({
  label,
  description,
  initial,
  readOnly = false,
  onChange,
}: {
  label: string;
  description?: string;
  initial: readonly string[];
  readOnly?: boolean;
  onChange: (keys: string[]) => void;
}) {
  const [text, setText] = useState(() => initial.join("\n"));
  const count = keysOf(text).length;
  return (
    <Textarea
      label={`${label}${count > 0 ? ` (${count.toLocaleString("en")})` : ""}`}
      description={description ?? "Targeting keys, one a line."}
      placeholder={readOnly ? "Nobody" : "user-4711"}
      classNames={{ input: "key" }}
      autosize
      minRows={3}
      maxRows={12}
      spellCheck={false}
      readOnly={readOnly}
      error={count > MOST_KEYS ? `At most ${MOST_KEYS.toLocaleString("en")}.` : null}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(keysOf(event.currentTarget.value));
      }}
    />
  );
}
