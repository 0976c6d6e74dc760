import { describe, expect, test } from "vitest";
import { bodyOf, filterText, newSink, sinkProblem, withKind } from "./sink";

const webhook = { ...newSink(), key: "siem", target: "https://hooks.example.com/x", secret: "siem" };

describe("a sink that is written", () => {
  test("says what is missing", () => {
    expect(sinkProblem(newSink())).toBe("Give it a key.");
    expect(sinkProblem({ ...webhook, secret: "" })).toBe("Name the secret that signs.");
    expect(sinkProblem({ ...withKind(webhook, "file"), target: "audit.txt" })).toBe("The file's name ends with .jsonl.");
    expect(sinkProblem({ ...webhook, targetSecret: "x" })).toBe("Give the address or the secret that is the address.");
    expect(sinkProblem(webhook)).toBeNull();
  });

  test("of another kind loses what that does not have", () =>
    expect(withKind(webhook, "slack")).toMatchObject({ kind: "slack", mode: "alert", target: "", secret: "" }));

  test("leaves out what is empty", () =>
    expect(bodyOf({ ...webhook, filter: { actions: ["flag.*"], tags: [], classes: ["access-change"] } }, true)).toEqual({
      key: "siem",
      kind: "webhook",
      mode: "stream",
      target: "https://hooks.example.com/x",
      secret: "siem",
      filter: { actions: ["flag.*"] },
      enabled: true,
    }));

  test("that is there has no key and no beginning any more", () =>
    expect(Object.keys(bodyOf({ ...webhook, fromStart: true }, false))).not.toContain("key"));
});

test("a filter reads as what goes through", () => {
  expect(filterText({})).toBe("every entry");
  expect(filterText({ classes: ["production-change"], projects: ["shop"], succeeded: false })).toBe(
    "changes that reach production · in shop · denied or failed alone",
  );
});
