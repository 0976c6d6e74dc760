import classes from "./Hoist.module.css";
import type { State } from "./list/filter";

/** A pennant on its halyard, as high as the share of people who get it: hoisted, at the dip, or struck. */
export function Hoist({ state, where, size = 18 }: { state: State; where?: string; size?: number }) {
  const top = 2 + (1 - state.share) * 9;
  return (
    <svg className={classes.hoist} data-kind={state.kind} width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d="M5 1.500v17" className={classes.pole} />
      {state.kind === "off" ? (
        <path d="M6 12.500h7.500l-2.300 2.500 2.300 2.500H6" className={classes.struck} />
      ) : (
        <path d={`M5.800 ${top} 17 ${top + 3.200} 5.800 ${top + 6.400}Z`} className={classes.pennant} />
      )}
      {where && <title>{`${where}: ${state.words}`}</title>}
    </svg>
  );
}

/** The same with words beside it; the browser's own tooltip, for a list has hundreds of these. */
export function HoistWords({ state, where }: { state: State; where: string }) {
  return (
    <span className={classes.words} data-kind={state.kind} title={`${where}: ${state.words}`}>
      <Hoist state={state} />
      <span>{state.words}</span>
    </span>
  );
}
