import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ProblemError } from "../api/problem";
import { EXAMPLES, expected, freshName, policyProblems, readCases } from "./access-policy";

describe("what is wrong with a policy", () => {
  test("is told by file and place; what has no place is told of the whole", () => {
    const error = new ProblemError({
      type: "https://halyard.dev/problems/invalid",
      title: "The request is not valid",
      status: 422,
      detail: null,
      errors: [
        { pointer: "/modules/0/text", message: "line 2, column 11: unexpected end (rego_parse_error)" },
        { pointer: "/operations/0/modules/1/text", message: "line 7, column 1: var x is unsafe (rego_unsafe_var_error)" },
        { pointer: "/modules", message: "give data.halyard.authz no value when a question is asked" },
      ],
    });
    const { files, rest } = policyProblems(error);
    expect(files.get(0)).toEqual([{ line: 2, column: 11, message: "unexpected end (rego_parse_error)" }]);
    expect(files.get(1)![0]!.line).toBe(7);
    expect(rest).toEqual(["/modules give data.halyard.authz no value when a question is asked"]);
  });

  test("is nothing where something else failed", () => expect(policyProblems(new Error("no")).files.size).toBe(0));
});

describe("test inputs", () => {
  test("the examples are such, and say what they expect", () => {
    const { cases, problem } = readCases(EXAMPLES);
    expect(problem).toBeUndefined();
    expect(cases.map(expected)).toEqual(["deny", "allow"]);
    expect(expected({})).toBeUndefined();
  });

  test("a part of the file that ships is read as it stands", () => {
    const file = JSON.parse(readFileSync("../policies/inputs.json", "utf8")) as { cases: unknown[] };
    expect(readCases(JSON.stringify({ ...file, cases: file.cases.slice(0, 50) })).cases).toHaveLength(50);
    expect(readCases(JSON.stringify(file)).problem).toMatch(/^At most 50/);
  });

  test.each(["", "{", "{}", "[]", "[1]", "null"])("%j is none", (text) => expect(readCases(text).problem).toBeDefined());
});

test("a new file has a name that no other has", () => {
  expect(freshName([])).toBe("own.rego");
  expect(freshName([{ name: "own.rego", text: "" }])).toBe("own-2.rego");
});
