import createClient from "openapi-fetch";
import { isUnattended, UNATTENDED_HEADER } from "../session/attendance";
import { problemOf, ProblemError } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

type Method = "get" | "post" | "put" | "patch" | "delete";
type With<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never }[keyof paths];
type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;
type Answer<O> = O extends { responses: { 200: { content: { "application/json": infer T } } } } ? T : unknown;
type Params<O> = O extends { parameters: { path: infer T extends Record<string, unknown> } } ? { path: T } : { path?: never };
type BodyOf<O> = O extends { requestBody?: { content: { "application/json": infer T } } } ? T : unknown;

export type Query = Record<string, string | number | boolean | readonly string[] | ReadonlySet<string> | null | undefined>;
type Options = { query?: Query; headers?: Record<string, string>; signal?: AbortSignal };

/** What every write of this browser's session carries; the session tells it. */
let csrfToken = "";
export const setCsrfToken = (token: string) => {
  csrfToken = token;
};

/** Called where the session has ended under way. */
let onSignedOut: () => void = () => {};
export const whenSignedOut = (then: () => void) => {
  onSignedOut = then;
};

const client = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
client.use({
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-CSRF-Token", csrfToken);
    else if (isUnattended()) request.headers.set(UNATTENDED_HEADER, "true");
    return request;
  },
});

/** A query as it stands in an address; what is empty is left out. A list is one parameter with commas, a set one parameter after the other. */
export function queryString(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    if (value instanceof Set) for (const item of value as ReadonlySet<string>) search.append(name, item);
    else search.set(name, Array.isArray(value) ? value.join(",") : String(value));
  }
  return search.toString();
}

async function send(method: Method, path: string, options: Options & { path?: unknown; body?: unknown }) {
  const call = client[method.toUpperCase() as "GET"] as unknown as (
    path: string,
    init: object,
  ) => Promise<{ error?: unknown; response: Response }>;
  let result;
  try {
    result = await call(path, {
      params: { path: options.path ?? {}, query: options.query ?? {} },
      querySerializer: queryString,
      headers: options.headers,
      signal: options.signal,
      body: options.body,
      // Who asked reads it, as what it is.
      parseAs: "stream",
    });
  } catch (broken) {
    if (broken instanceof DOMException) throw broken;
    throw new ProblemError({
      type: "unreachable",
      title: "The server cannot be reached",
      status: 0,
      detail: "Nothing was sent or nothing came back. Look at your connection and try again.",
      errors: null,
    });
  }
  const { response, error } = result;
  if (!response.ok) {
    const problem = problemOf(response, error);
    if (problem.kind === "unauthenticated") onSignedOut();
    throw problem;
  }
  return response;
}

async function json(response: Response): Promise<unknown> {
  return response.status === 204 ? undefined : response.json();
}

/** Reads. The path and its answer are those of the API's description. */
export async function get<P extends With<"get">>(path: P, options: Options & Params<Operation<P, "get">>) {
  return (await json(await send("get", path, options))) as Answer<Operation<P, "get">>;
}

/** Reads what is no JSON of a known form. */
export async function getText(path: With<"get">, options: Options & { path?: Record<string, unknown> }): Promise<string> {
  return (await send("get", path, options)).text();
}

/** Writes; 200 and 202 alike give what came back, for a change says in itself whether it waits. */
function write<M extends Exclude<Method, "get">>(method: M) {
  return async <P extends With<M>>(
    path: P,
    options: Options & Params<Operation<P, M>> & { body?: BodyOf<Operation<P, M>> },
  ): Promise<Answer<Operation<P, M>>> =>
    (await json(await send(method, path, { ...options, body: options.body ?? {} }))) as Answer<Operation<P, M>>;
}

export const post = write("post");
export const put = write("put");
export const patch = write("patch");
export const remove = write("delete");
