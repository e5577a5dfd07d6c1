import type { AutomlState, LeaderboardRow } from '../../shared/domain/training.ts'
import type { ChartOption, Look } from './look.ts'
import { baseOption, categoryAxis, learnerColour, palette, short, valueAxis } from './look.ts'

/** Best score so far over time as a step line, each trial a dot, and the simple model as the bar to beat. */
export function bestOverTime(
  state: Pick<AutomlState, 'history' | 'baseline' | 'metric' | 'trials'>,
  look: Look,
): ChartOption {
  const learnerOf = new Map(state.trials.map(({ trialId, learner }) => [trialId, learner]))
  return {
    ...baseOption(look),
    xAxis: valueAxis(look, 'seconds', { min: 0 }),
    yAxis: valueAxis(look, state.metric, { scale: true, nameGap: 44 }),
    series: [
      {
        type: 'scatter',
        symbolSize: 6,
        data: state.history.map(({ seconds, score, trialId }) => ({
          value: [Number(seconds.toFixed(2)), score],
          itemStyle: { color: learnerColour(learnerOf.get(trialId) ?? 'ensemble') },
        })),
      },
      {
        type: 'line',
        step: 'end',
        showSymbol: false,
        lineStyle: { color: look.text, width: 2 },
        data: state.history.map(({ seconds, best }) => [seconds, best]),
        ...(state.baseline === null
          ? {}
          : {
              markLine: {
                silent: true,
                symbol: 'none',
                lineStyle: { color: palette[1], type: 'dashed' },
                label: {
                  formatter: `simple model ${short(state.baseline)}`,
                  color: look.text,
                  position: 'insideEndTop',
                },
                data: [{ yAxis: state.baseline }],
              },
            }),
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
          itemStyle: { color: learnerColour(trial.learner) },
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

/** Quality against speed: the upper left (or lower left, where less is better) is where one wants to be. */
export function paretoFront(rows: readonly LeaderboardRow[], metric: string, look: Look): ChartOption {
  return {
    ...baseOption(look),
    xAxis: valueAxis(look, 'µs a row', { type: 'log' }),
    yAxis: valueAxis(look, metric, { scale: true, nameGap: 44 }),
    series: [
      {
        type: 'scatter',
        symbolSize: 9,
        data: rows.map((row) => ({
          value: [Math.max(0.01, row.predictMicrosPerRow), row.score],
          name: `${row.rank}. ${row.learnerTitle}`,
          itemStyle: { color: learnerColour(row.learner) },
        })),
      },
    ],
  }
}
