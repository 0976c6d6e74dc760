import { Button, Group, NumberInput, SegmentedControl, Select, Slider, Text } from "@mantine/core";
import { rolloutProblem } from "../conditions";
import { type Rollout, type Serve, shares } from "../model";
import { fromPercents, toPercents } from "../rollout";
import classes from "./FlagPage.module.css";

const BAR = ["var(--hoist-on)", "var(--hoist-part)", "var(--hoist-off)", "#6b7fb8", "#a65e7c"];

/** What is served: one variant, or a split of people over several. */
export function ServeEditor({
  serve,
  variants,
  readOnly,
  onChange,
}: {
  serve: Serve;
  variants: string[];
  readOnly: boolean;
  onChange: (serve: Serve) => void;
}) {
  const isSplit = serve.rollout !== undefined;
  return (
    <div className={classes.serve}>
      <Group gap={10}>
        <SegmentedControl
          size="xs"
          aria-label="How it is served"
          disabled={readOnly}
          value={isSplit ? "split" : "one"}
          data={[
            { value: "one", label: "One variant" },
            { value: "split", label: "Split by percent" },
          ]}
          onChange={(value) =>
            onChange(
              value === "one"
                ? { variant: serve.rollout?.weights[0]?.variant ?? variants[0]! }
                : { rollout: firstSplit(serve.variant ?? variants[0]!, variants) },
            )
          }
        />
        {!isSplit && (
          <Select
            aria-label="Variant"
            data={variants}
            value={serve.variant ?? null}
            allowDeselect={false}
            disabled={readOnly}
            onChange={(variant) => variant && onChange({ variant })}
          />
        )}
      </Group>
      {serve.rollout && <RolloutEditor rollout={serve.rollout} variants={variants} readOnly={readOnly} onChange={(rollout) => onChange({ rollout })} />}
    </div>
  );
}

const firstSplit = (variant: string, variants: string[]): Rollout =>
  fromPercents({ weights: [] }, [
    { variant, percent: 50 },
    ...variants.filter((item) => item !== variant).map((item, index) => ({ variant: item, percent: index === 0 ? 50 : 0 })),
  ]);

function RolloutEditor({
  rollout,
  variants,
  readOnly,
  onChange,
}: {
  rollout: Rollout;
  variants: string[];
  readOnly: boolean;
  onChange: (rollout: Rollout) => void;
}) {
  const parts = toPercents(rollout, variants);
  const sum = parts.reduce((total, item) => total + item.percent, 0);
  const left = Number((100 - sum).toFixed(3));
  const set = (variant: string, percent: number) =>
    onChange(fromPercents(rollout, parts.map((item) => (item.variant === variant ? { variant, percent } : item))));
  const problem = rolloutProblem(rollout);
  return (
    <>
      <div className={classes.bar} aria-hidden>
        {shares(rollout).map((item, index) => (
          <span key={item.variant} style={{ width: `${item.percent}%`, background: BAR[index % BAR.length] }} />
        ))}
      </div>
      {parts.map((item) => (
        <div key={item.variant} className={classes.weight}>
          <Text size="sm" className="key">
            {item.variant}
          </Text>
          <Slider
            value={item.percent}
            min={0}
            max={100}
            step={1}
            label={null}
            disabled={readOnly}
            thumbLabel={`Percent of ${item.variant}`}
            onChange={(percent) => set(item.variant, percent)}
          />
          <NumberInput
            aria-label={`Exact percent of ${item.variant}`}
            value={item.percent}
            min={0}
            max={100}
            decimalScale={3}
            suffix=" %"
            hideControls
            disabled={readOnly}
            onChange={(value) => typeof value === "number" && set(item.variant, value)}
          />
        </div>
      ))}
      <Group gap={10} justify="space-between">
        <Text size="xs" c={problem || left < 0 ? "var(--mantine-color-error)" : "dimmed"}>
          {problem ??
            (left < 0
              ? `${-left} % too much: shares are read as parts of ${Number(sum.toFixed(3))}.`
              : left > 0
                ? `${left} % go on to the next rule, or get the off variant.`
                : "All people have a share.")}
        </Text>
        {left !== 0 && !readOnly && parts.length > 0 && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              const last = parts.at(-1)!;
              set(last.variant, Math.max(0, Number((last.percent + left).toFixed(3))));
            }}
          >
            Give the rest to {parts.at(-1)!.variant}
          </Button>
        )}
      </Group>
      {(rollout.experiment || rollout.bucketBy || rollout.salt) && (
        <Text size="xs" c="dimmed">
          {rollout.experiment && `Experiment ${rollout.experiment.key} with ${rollout.experiment.traffic / 1_000} % of traffic. `}
          {rollout.bucketBy && `Placed by ${rollout.bucketBy}. `}
          {rollout.salt && `Salt ${rollout.salt}.`}
        </Text>
      )}
    </>
  );
}
