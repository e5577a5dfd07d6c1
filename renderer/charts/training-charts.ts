import type { ChartOption, Look } from '../../shared/charts/look.ts'
import { baseOption, categoryAxis, learnerColour, short, valueAxis } from '../../shared/charts/look.ts'
import type { AutomlState, LeaderboardRow } from '../../shared/domain/training.ts'
import type { MetricName } from '../../shared/domain/values.ts'
import { lessIsBetter } from '../../shared/domain/values.ts'

/** One standard deviation over the folds around the best score, from each moment at which there was a new best. */
export function bestBand(
  state: Pick<AutomlState, 'history' | 'trials'>,
): { readonly seconds: number; readonly low: number; readonly high: number }[] {
  const deviations = new Map(state.trials.map(({ trialId, scoreStd }) => [trialId, scoreStd ?? 0]))
  let deviation = 0
  return state.history.map(({ seconds, score, best, trialId }) => {
    if (score === best) deviation = deviations.get(trialId) ?? 0
    return { seconds, low: best - deviation, high: best + deviation }
  })
}

/**
 * Best score so far over time as a step line in a band of one standard deviation over the folds, each trial a dot, and the
 * simple model as the bar to beat.
 */
export function bestOverTime(
  state: Pick<AutomlState, 'history' | 'baseline' | 'metric' | 'trials'>,
  look: Look,
): ChartOption {
  const learnerOf = new Map(state.trials.map(({ trialId, learner }) => [trialId, learner]))
  const band = bestBand(state)
  const edge = { type: 'line', step: 'end', showSymbol: false, silent: true, stack: 'band', lineStyle: { opacity: 0 } }
  return {
    ...baseOption(look),
    xAxis: valueAxis(look, 'seconds', { min: 0 }),
    yAxis: valueAxis(look, state.metric, { scale: true, nameGap: 44 }),
    series: [
      {
        type: 'scatter',
        symbolSize: 6,
        z: 3,
        data: state.history.map(({ seconds, score, trialId }) => ({
          value: [Number(seconds.toFixed(2)), score],
          name: `trial ${trialId}`,
          itemStyle: { color: learnerColour(learnerOf.get(trialId) ?? 'ensemble', look) },
        })),
      },
      {
        type: 'line',
        step: 'end',
        name: 'best so far',
        showSymbol: false,
        silent: true,
        lineStyle: { color: look.text, width: 2 },
        data: state.history.map(({ seconds, best }) => [seconds, best]),
        ...(state.baseline === null
          ? {}
          : {
              markLine: {
                silent: true,
                symbol: 'none',
                lineStyle: { color: look.palette[1], type: 'dashed' },
                label: {
                  formatter: `simple model ${short(state.baseline)}`,
                  color: look.text,
                  position: 'insideEndTop',
                },
                data: [{ yAxis: state.baseline }],
              },
            }),
      },
      // The lower edge, and on top of it what fills up to the upper one.
      { ...edge, stackStrategy: 'all', data: band.map(({ seconds, low }) => [seconds, low]) },
      {
        ...edge,
        stackStrategy: 'all',
        areaStyle: { color: look.muted, opacity: 0.25 },
        data: band.map(({ seconds, low, high }) => [seconds, high - low]),
      },
    ],
  }
}

/** A lane a learner with a bar for every trial, as long as it took: what the search spent its time on. */
export function trialLanes(state: Pick<AutomlState, 'trials' | 'elapsedSeconds'>, look: Look): ChartOption {
  const titles = [...new Set(state.trials.map(({ learnerTitle }) => learnerTitle))]
  return {
    ...baseOption(look),
    xAxis: valueAxis(look, 'seconds', { min: 0 }),
    yAxis: categoryAxis(look, titles),
    series: [
      {
        type: 'custom',
        encode: { x: [0, 1], y: 2 },
        renderItem: drawLane,
        data: state.trials.map((trial) => ({
          value: [
            Number(trial.startedAt.toFixed(2)),
            Number(
              (trial.startedAt + (trial.seconds ?? Math.max(0, state.elapsedSeconds - trial.startedAt))).toFixed(2),
            ),
            trial.learnerTitle,
            trial.state === 'succeeded' ? 0.9 : 0.35,
          ],
          name: `trial ${trial.trialId}`,
          itemStyle: { color: learnerColour(trial.learner, look) },
        })),
      },
    ],
  }
}

interface LaneDrawing {
  value(dimension: number): number
  coord(point: readonly number[]): number[]
  visual(what: 'color'): string
}

function drawLane(_parameters: unknown, drawing: LaneDrawing): object {
  const [left = 0, middle = 0] = drawing.coord([drawing.value(0), drawing.value(2)])
  const [right = 0] = drawing.coord([drawing.value(1), drawing.value(2)])
  // At least so wide that one can point at it; a line between neighbours.
  const width = Math.max(3, right - left - 1)
  return {
    type: 'rect',
    shape: { x: left, y: middle - 8, width, height: 16, r: 2 },
    style: { fill: drawing.visual('color'), opacity: drawing.value(3) },
  }
}

/** Models that no other one beats in both speed and score, the quickest first. */
export function frontOf(rows: readonly LeaderboardRow[], metric: string): LeaderboardRow[] {
  const sign = lessIsBetter.has(metric as MetricName) ? -1 : 1
  const front: LeaderboardRow[] = []
  const quickestFirst = [...rows].sort(
    (a, b) => a.predictMicrosPerRow - b.predictMicrosPerRow || sign * (b.score - a.score),
  )
  for (const row of quickestFirst) {
    const last = front.at(-1)
    if (!last || sign * (row.score - last.score) > 0) front.push(row)
  }
  return front
}

/** Quality against speed: on the line are the models that no other one beats in both. */
export function paretoFront(rows: readonly LeaderboardRow[], metric: string, look: Look): ChartOption {
  // The axis is logarithmic, so what takes no time at all is put at its start.
  const place = (row: LeaderboardRow) => [Math.max(0.01, row.predictMicrosPerRow), row.score]
  return {
    ...baseOption(look),
    xAxis: valueAxis(look, 'µs a row', { type: 'log' }),
    yAxis: valueAxis(look, metric, { scale: true, nameGap: 44 }),
    series: [
      {
        type: 'scatter',
        symbolSize: 9,
        z: 3,
        data: rows.map((row) => ({
          value: place(row),
          name: `${row.rank}. ${row.learnerTitle}`,
          itemStyle: { color: learnerColour(row.learner, look) },
        })),
      },
      {
        type: 'line',
        step: 'end',
        silent: true,
        showSymbol: false,
        lineStyle: { color: look.muted, width: 1.5 },
        data: frontOf(rows, metric).map(place),
      },
    ],
  }
}
