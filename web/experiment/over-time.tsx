import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { ChartData } from '../chart/data.ts'
import { signedPercent } from '../chart/effect.ts'
import { Panel } from '../chart/panel.tsx'
import type { Address } from '../shell/address.ts'
import type { ScoreCell } from '../shell/answers.ts'
import { axisPercent } from '../shell/format.ts'
import { useAnswer } from '../shell/hooks.ts'
import { asOf, onePath } from './asked.ts'
import type { Experiment, Metric } from './types.ts'
import { armName } from './view.ts'

const [POINTS, EVERY_MS] = [40, 15_000]

interface Series {
  readonly points: readonly { readonly at: number; readonly cells: readonly ScoreCell[] }[]
}

/** How the effect on one metric stood over time: each point is what was known then. */
export function OverTime({
  address,
  experiment,
  metric,
}: {
  readonly address: Address
  readonly experiment: Experiment
  readonly metric: Metric
}) {
  const cursor = useSignal<number | null>(null)
  const query = asOf(address, { metric: metric.id, points: String(POINTS) })
  const isFrozen = address.get('as_of') !== ''
  const answer = useAnswer<Series>(`${onePath(experiment.id)}/timeseries${query}`, {
    everyMs: isFrozen ? undefined : EVERY_MS,
    patience: 30_000,
  })
  const data = useMemo(() => answer && dataOf(experiment, answer), [experiment, answer])
  return (
    <Panel
      id="over-time"
      title={`Effect over time: ${metric.name}`}
      meaning={`Relative to the control, with the interval that held at each moment. ${metric.id}: ${metric.description}`}
      data={data}
      cursor={cursor}
    />
  )
}

function dataOf(experiment: Experiment, { points }: Series): ChartData {
  return {
    times: points.map(({ at }) => at),
    partial: false,
    format: (value) => (value === null ? 'not yet' : signedPercent(value)),
    axis: axisPercent,
    series: experiment.variations.slice(1, 4).map((_, at) => {
      const cells = points.map(({ cells: all }) => all.find(({ variation }) => variation === at + 1)?.relative ?? null)
      return {
        name: armName(experiment, at + 1),
        values: cells.map((cell) => cell?.effect ?? null),
        bounds: cells.map((cell) => cell?.interval ?? [null, null]),
        remarks: cells.map((cell) =>
          cell === null ? '' : cell.interval.map((end) => (end === null ? 'open' : signedPercent(end))).join(' to '),
        ),
      }
    }),
  }
}
