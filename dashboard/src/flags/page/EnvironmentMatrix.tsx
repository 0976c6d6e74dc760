import { UnstyledButton } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import type { Environment } from "../../api/queries";
import { breakable } from "../../common/words";
import { conditionText } from "../conditions";
import { Hoist } from "../Hoist";
import { type Configuration, type FlagModel, serveText, stateHere } from "../model";
import classes from "./FlagPage.module.css";

const ROWS: { label: string; of: (configuration: Configuration) => ReactNode }[] = [
  { label: "Everyone else gets", of: (item) => serveText(item.fallthrough) },
  {
    label: "Rules",
    of: (item) => item.rules.map((rule) => rule.name || rule.conditions.map(conditionText).join(" and ") || "everyone").join("; ") || "—",
  },
  { label: "Overrides", of: (item) => item.overrides.length || "—" },
  { label: "Needs", of: (item) => item.prerequisites.map((need) => need.flag).join(", ") || "—" },
  { label: "While off", of: (item) => item.offVariant },
];

/** What the flag serves in each environment, side by side; choosing one opens it below. */
export function EnvironmentMatrix({
  flag,
  environments,
  chosen,
  changed,
  onChoose,
}: {
  flag: FlagModel;
  environments: readonly Environment[];
  chosen: string;
  changed: ReadonlySet<string>;
  onChoose: (key: string) => void;
}) {
  const column = useRef<HTMLTableCellElement>(null);
  useEffect(() => {
    column.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, []);
  return (
    <div className={classes.matrix} role="region" aria-label="Environments" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">What</span>
            </th>
            {environments.map((environment) => (
              <th key={environment.key} ref={environment.key === chosen ? column : null} scope="col" data-chosen={environment.key === chosen || undefined}>
                <UnstyledButton
                  className={classes.choose}
                  aria-pressed={environment.key === chosen}
                  onClick={() => onChoose(environment.key)}
                >
                  <span className={changed.has(environment.key) ? classes.changed : ""}>{breakable(environment.name || environment.key)}</span>
                  <small>{environment.type}</small>
                </UnstyledButton>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">State</th>
            {environments.map((environment) => {
              const state = stateHere(flag, environment);
              return (
                <td key={environment.key} data-chosen={environment.key === chosen || undefined}>
                  <span className={classes.state}>
                    <Hoist state={state} size={20} /> {state.words}
                  </span>
                </td>
              );
            })}
          </tr>
          {ROWS.map((row) => (
            <tr key={row.label}>
              <th scope="row">{row.label}</th>
              {environments.map((environment) => (
                <td key={environment.key} data-chosen={environment.key === chosen || undefined}>
                  {row.of(flag.environments[environment.key]!)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
