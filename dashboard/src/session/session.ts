import { queryOptions, useQuery } from "@tanstack/react-query";
import { get, post, type Schemas, setCsrfToken } from "../api/client";
import { ProblemError } from "../api/problem";

export type Session = Schemas["SessionAnswer"];
export type Me = Schemas["MeAnswer"];

/** The browser's session, or null where nobody is logged in. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      const session = await get("/auth/session", {});
      setCsrfToken(session.csrfToken);
      return session;
    } catch (problem) {
      if (problem instanceof ProblemError && problem.status === 401) return null;
      throw problem;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

/** Who is logged in, and what they may do. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => get("/api/v1/me", {}),
  staleTime: 60_000,
});

export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: () => get("/auth/providers", {}),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Begins a session; its token goes with every write from now on. A new password counts in the place of the one of now. */
export async function logIn(email: string, password: string, newPassword?: string): Promise<Session> {
  const body = newPassword ? { email, password, newPassword } : { email, password };
  const session = (await post("/auth/password", { body: body as never })) as unknown as Session;
  setCsrfToken(session.csrfToken);
  return session;
}

/** Puts another password in the place of one's own: every session ends, and this browser goes on in a new one. */
export async function changePassword(currentPassword: string, newPassword: string): Promise<Session> {
  const session = (await post("/auth/password/change", { body: { currentPassword, newPassword } as never })) as unknown as Session;
  setCsrfToken(session.csrfToken);
  return session;
}

/** Ends the session, here and, where there is such a place, at the identity provider. */
export async function logOut(): Promise<void> {
  const answer = (await post("/auth/logout", {})) as { providerAddress?: string } | undefined;
  setCsrfToken("");
  // The page as it stands knows what somebody else may see.
  location.assign(answer?.providerAddress ?? "/login");
}

/** Whether an action is allowed on everything, on some things, or not at all. */
export type Permission = "always" | "in part" | "never";

export function permissionOf(me: Pick<Me, "may" | "mayInPart"> | undefined, action: string): Permission {
  if (me?.may.includes(action)) return "always";
  return me?.mayInPart.includes(action) ? "in part" : "never";
}

/**
 * What whoever is logged in may do. It shapes what is offered and no more: the server decides on each request, and whoever may only
 * ask for a change (`change-request.create`) is offered to ask for it.
 */
export function usePermissions() {
  const { data: me } = useQuery(meQuery);
  const may = (action: string) => permissionOf(me, action) !== "never";
  return {
    me,
    may,
    /** May make such a change, or ask others for it. */
    mayPropose: (...actions: string[]) => actions.some(may) || may("change-request.create"),
  };
}
