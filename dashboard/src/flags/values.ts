/** What was typed as a value of the flag's type, or what is wrong with it. */
export function parseValue(type: string, text: string): { value?: unknown; problem?: string } {
  if (type === "string") return { value: text };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: type === "number" ? "Is no number." : "Is no JSON." };
  }
  if (type === "number" && (typeof value !== "number" || !Number.isFinite(value))) return { problem: "Is no number." };
  if (type === "boolean" && typeof value !== "boolean") return { problem: "Is true or false." };
  return { value };
}

/** A variant's key that the flag does not have yet. */
export function freshVariantKey(variants: readonly { key: string }[]): string {
  let number = variants.length + 1;
  while (variants.some((item) => item.key === `variant-${number}`)) number++;
  return `variant-${number}`;
}
