import { Notifications } from "@mantine/notifications";
import { Outlet } from "@tanstack/react-router";

/** What every address has: the page, and what was to be told of what was done. It stands inside the router, for it links to pages. */
export function Root() {
  return (
    <>
      <Outlet />
      <Notifications position="bottom-right" autoClose={8_000} />
    </>
  );
}
