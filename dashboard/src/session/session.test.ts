import { expect, test } from "vitest";
import { queryString } from "../api/client";
import { ProblemError, problemOf } from "../api/problem";
import { permissionOf } from "./session";

test("what is not granted is not offered", () => {
  const me = { may: ["flag.read"], mayInPart: ["flag.enabled"] };
  expect(permissionOf(me, "flag.read")).toBe("always");
  expect(permissionOf(me, "flag.enabled")).toBe("in part");
  expect(permissionOf(me, "flag.deleted")).toBe("never");
  expect(permissionOf(undefined, "flag.read")).toBe("never");
});

test("an empty filter does not stand in an address, and a value cannot become another parameter", () => {
  expect(queryString({ q: "", tag: undefined, at: null, limit: 0, all: false, ids: ["a", "b"], text: "x&y=z" })).toBe(
    "limit=0&all=false&ids=a%2Cb&text=x%26y%3Dz",
  );
});

test("an answer that is no problem is told as what it is", () => {
  const odd = problemOf(new Response("<html>", { status: 502, headers: { "Retry-After": "7" } }), "<html>");
  expect([odd.status, odd.kind, odd.retryAfter]).toEqual([502, "unexpected", 7]);
  const known = problemOf(new Response(null, { status: 422 }), {
    type: "https://halyard.dev/problems/invalid",
    title: "The request is not valid",
    status: 422,
    errors: [{ pointer: "/reason", message: "is required" }],
  });
  expect(known).toBeInstanceOf(ProblemError);
  expect([known.kind, known.fields.get("/reason")]).toEqual(["invalid", "is required"]);
});
