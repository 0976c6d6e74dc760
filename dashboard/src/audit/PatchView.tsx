import { Text } from "@mantine/core";
import { linesOf, type PatchStep, words } from "./patch";
import classes from "./Audit.module.css";

/** What a change did, value by value. */
export function PatchView({ patch }: { patch: readonly PatchStep[] }) {
  const lines = linesOf(patch);
  if (lines.length === 0) return <Text size="sm" c="dimmed">Nothing that is shown.</Text>;
  return (
    <div className={classes.patch} role="region" aria-label="What changed" tabIndex={0}>
      <table>
        <thead className="visually-hidden">
          <tr>
            <th>Where</th>
            <th>Before</th>
            <th>After</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={index}>
              <th scope="row">{line.where || "all"}</th>
              <td>{line.was !== undefined && <del>{words(line.was)}</del>}</td>
              <td>{line.is !== undefined && <ins>{words(line.is)}</ins>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
