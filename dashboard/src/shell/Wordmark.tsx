import classes from "./Wordmark.module.css";

/** The name with a pennant at the top of its halyard. */
export function Wordmark({ light = false }: { light?: boolean }) {
  return (
    <span className={classes.mark} data-light={light || undefined}>
      <svg width="20" height="24" viewBox="0 0 20 24" aria-hidden="true">
        <path d="M4 2v20" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
        <path d="M6 3 18 7.500 6 12Z" className={classes.pennant} />
      </svg>
      <span>Halyard</span>
    </span>
  );
}
