import { useEffect, useRef } from "react";

/** For a list of tabs: on a narrow screen they are wider than it, and the one that is open is brought into sight. */
export function useTabInSight(chosen: string | undefined) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const open = list.current?.querySelector<HTMLElement>("[data-active]");
    // Sideways alone: the page itself stays where it is.
    if (!open || !list.current) return;
    const [frame, tab] = [list.current.getBoundingClientRect(), open.getBoundingClientRect()];
    list.current.scrollLeft += tab.left - frame.left - (frame.width - tab.width) / 2;
  }, [chosen]);
  return list;
}
