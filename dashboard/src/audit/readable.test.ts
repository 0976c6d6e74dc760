import { describe, expect, test } from "vitest";
import { readable, subjectsIn } from "./readable";

const LEE = "u_4bg6gcbn3554w4eqgec3a1pm8s";
const name = (subject: string) => (subject === LEE ? "Lee Lead" : subject);

describe("a sentence of the log", () => {
  test("names people where it has their ids", () => {
    const sentence = `approved by '${LEE}' (1 of 2); stage 'business-review' needs 1 more of product-owner`;
    expect(subjectsIn(sentence)).toEqual([LEE]);
    expect(readable(sentence, name)).toBe("approved by Lee Lead (1 of 2); stage 'business-review' needs 1 more of product-owner");
  });

  test("shortens hashes, and leaves alone what only looks like one of them", () => {
    expect(readable(`applied sha256:${"ada91189".repeat(8)}`, name)).toBe("applied sha256:ada91189…");
    expect(readable("flag 'u_short' added to sha256:abc", name)).toBe("flag 'u_short' added to sha256:abc");
  });
});
