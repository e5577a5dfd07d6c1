import { Group, SimpleGrid, Slider, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import {
  calibrationChart,
  confusionChart,
  histogramChart,
  precisionRecallChart,
  predictedChart,
  rocChart,
} from '../../../shared/charts/performance-charts.ts'
import type { Performance } from '../../../shared/domain/training.ts'
import { ChartCard } from '../../charts/chart-card.tsx'
import { MetricLabel } from '../../ui/metric-names.tsx'
import { EstimateText, formatNumber, formatPlain } from '../../ui/numbers.tsx'

/** How good a model is on rows that it has not seen. */
export function PerformanceView({ performance }: { readonly performance: Performance }) {
  const { basis, rows } = performance
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Judged on {rows.toLocaleString('en')} rows that each model had not seen ({basis}); 95% intervals in brackets.
      </Text>
      <MetricRow performance={performance} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        {performance.residuals ? (
          <Regression residuals={performance.residuals} />
        ) : (
          <Classification performance={performance} />
        )}
      </SimpleGrid>
      {performance.thresholds.length > 0 && <ThresholdExplorer performance={performance} />}
      <Slices performance={performance} />
    </Stack>
  )
}

function MetricRow({ performance }: { readonly performance: Performance }) {
  return (
    <Group className="card" gap="xl">
      {performance.metrics.map(({ name, estimate }) => (
        <div key={name}>
          <Text size="xs">
            <MetricLabel name={name} />
          </Text>
          <Text component="div">
            <EstimateText estimate={estimate} />
          </Text>
        </div>
      ))}
    </Group>
  )
}

function Classification({ performance }: { readonly performance: Performance }) {
  const { roc, precisionRecall, calibration, confusion, classes } = performance
  const [first] = roc
  const right = confusion ? confusion.reduce((sum, row, at) => sum + (row[at] ?? 0), 0) : 0
  const points = (
    curves: readonly { label: string; points: readonly { x: number; y: number; threshold: number }[] }[],
  ) => curves.flatMap(({ label, points: all }) => all.map(({ x, y, threshold }) => [label, x, y, threshold]))
  return (
    <>
      <ChartCard
        title={first ? `It ranks ${formatNumber(first.auc * 100)}% of pairs in the right order` : 'ROC'}
        subtitle="ROC curve: found positives against false alarms"
        option={(look) => rocChart(roc, look)}
        table={[['class', 'false positive rate', 'true positive rate', 'threshold'], ...points(roc)]}
      />
      {confusion && (
        <ChartCard
          title={`${right.toLocaleString('en')} of ${performance.rows.toLocaleString('en')} rows are right`}
          subtitle="Rows are the truth, columns what was predicted"
          option={(look) => confusionChart(confusion, classes, look)}
          table={[['truth', ...classes], ...confusion.map((row, at) => [classes[at] ?? '', ...row])]}
        />
      )}
      <ChartCard
        title="How precise it is as it finds more"
        subtitle="Precision against recall"
        option={(look) => precisionRecallChart(precisionRecall, look)}
        table={[['class', 'recall', 'precision', 'threshold'], ...points(precisionRecall)]}
      />
      <ChartCard
        title="Whether its probabilities mean what they say"
        subtitle="Calibration: on the dashed line they do"
        option={(look) => calibrationChart(calibration, look)}
        table={[
          ['class', 'predicted', 'observed', 'rows'],
          ...calibration.flatMap(({ label, bins }) =>
            bins.map(({ predicted, observed, count }) => [label, predicted, observed, count]),
          ),
        ]}
      />
    </>
  )
}

function Regression({ residuals }: { readonly residuals: NonNullable<Performance['residuals']> }) {
  return (
    <>
      <ChartCard
        title="Predicted against true values"
        subtitle="On the dashed line a prediction is exactly right"
        option={(look) => predictedChart(residuals.points, look)}
        table={[
          ['row', 'true', 'predicted'],
          ...residuals.points.map(({ row, actual, predicted }) => [row, actual, predicted]),
        ]}
      />
      <ChartCard
        title="How far off it is"
        subtitle="True minus predicted"
        option={(look) => histogramChart(residuals.histogram, 'true minus predicted', look)}
        table={[
          ['from', 'to', 'rows'],
          ...residuals.histogram.counts.map((count, at) => [
            residuals.histogram.edges[at] ?? null,
            residuals.histogram.edges[at + 1] ?? null,
            count,
          ]),
        ]}
      />
    </>
  )
}

function ThresholdExplorer({ performance }: { readonly performance: Performance }) {
  const [at, setAt] = useState(50)
  const [cost, setCost] = useState(1)
  const row = performance.thresholds[at]
  if (!row) return null
  const { truePositive, falsePositive, trueNegative, falseNegative } = row
  const positive = performance.classes[1] ?? 'positive'
  const share = (part: number, whole: number) => (whole > 0 ? `${formatNumber((100 * part) / whole)}%` : '–')
  const cheapest = performance.thresholds.reduce((best, each) =>
    each.falsePositive + cost * each.falseNegative < best.falsePositive + cost * best.falseNegative ? each : best,
  )
  return (
    <section className="card" aria-label="Threshold">
      <Text fw={600} size="sm" component="h2" mt={0}>
        A row is called {positive} from a probability of {formatPlain(row.threshold)} on
      </Text>
      <Slider
        value={at}
        onChange={setAt}
        min={0}
        max={100}
        step={1}
        label={(value) => value / 100}
        thumbLabel="Threshold"
        my="md"
      />
      <Group gap="xl">
        <Text size="sm">finds {share(truePositive, truePositive + falseNegative)} of them (recall)</Text>
        <Text size="sm">{share(truePositive, truePositive + falsePositive)} of its calls are right (precision)</Text>
        <Text size="sm">
          {falsePositive.toLocaleString('en')} false alarms, {falseNegative.toLocaleString('en')} missed,{' '}
          {trueNegative.toLocaleString('en')} rightly left alone
        </Text>
      </Group>
      <Text size="sm" mt="sm" id="cost-label">
        If missing one costs {cost} times a false alarm, {formatPlain(cheapest.threshold)} is cheapest.
      </Text>
      <Slider
        value={cost}
        onChange={setCost}
        min={0.1}
        max={20}
        step={0.1}
        thumbLabel="Cost of a miss"
        mt="xs"
        maw={400}
        label={(value) => `${value}×`}
      />
    </section>
  )
}

function Slices({ performance }: { readonly performance: Performance }) {
  const [first] = performance.slices
  if (!first) return null
  return (
    <section className="card" aria-label="Slices">
      <Text fw={600} size="sm" component="h2" mt={0}>
        Where it does worst: {first.column} {first.value}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        <MetricLabel name={first.metric} /> over all rows is {formatNumber(first.overall)}
      </Text>
      <Table aria-label="Groups predicted worst">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Group</Table.Th>
            <Table.Th ta="right">Rows</Table.Th>
            <Table.Th ta="right">
              <MetricLabel name={first.metric} />
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {performance.slices.map(({ column, value, rows, estimate }) => (
            <Table.Tr key={`${column} ${value}`}>
              <Table.Td>
                {column}: {value}
              </Table.Td>
              <Table.Td ta="right" className="numeric">
                {rows.toLocaleString('en')}
              </Table.Td>
              <Table.Td ta="right">
                <EstimateText estimate={estimate} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
