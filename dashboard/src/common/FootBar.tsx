import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./FootBar.module.css";

/** Stands at the foot of the page, over what is there, while something is begun that waits to be finished or let go. */
export function FootBar({ label, widest, children }: { label: string; widest: number; children: ReactNode }) {
  return (
    <div className={classes.bar} role="region" aria-label={label} style={{ "--widest": `${widest}px` } as never}>
      {children}
    </div>
  );
}

/** The way out of it. */
export function LetGo({ children, onClick }: { children: string; onClick: () => void }) {
  return (
    <Button variant="subtle" color="gray" className={classes.quiet!} onClick={onClick}>
      {children}
    </Button>
  );
}
