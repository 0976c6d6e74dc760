import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "../api/problem";

const FIRST_SERVER_ERROR = 500;
const MOST_RETRIES = 2;

/** Asks again where it may help: when nothing came back, or the server failed. What was refused stays refused. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) =>
        count < MOST_RETRIES &&
        (!(error instanceof ProblemError) || error.status === 0 || error.status >= FIRST_SERVER_ERROR),
    },
  },
});
