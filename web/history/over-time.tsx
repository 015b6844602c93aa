import { useMemo } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { NO_CHART, type ChartData } from '../chart/data.ts'
import { Panel } from '../chart/panel.tsx'
import { bounds, unitOf } from '../shell/units.ts'
import { isCounted, valueOf, type Figure, type Pair } from './answer.ts'
import type { OverTimeAnswer } from './asked.ts'
import { behind } from './links.ts'

export interface OverTimeProps {
  /** 'none': no data. */
  readonly answer: OverTimeAnswer | 'none' | undefined
  readonly choose: (from: number, to: number) => void
  readonly move: (by: -1 | 1 | 'wider') => void
}

const MOVES = [
  ['Earlier', -1],
  ['Later', 1],
  ['Wider', 'wider'],
] as const

/** The metric step by step, with a band for missing telemetry, and the period for comparison behind it. */
export function OverTime({ answer, choose, move }: OverTimeProps) {
  const cursor = useSignal<number | null>(null)
  const found = answer === 'none' ? undefined : answer
  const data = useMemo(() => (answer === 'none' ? NO_CHART : answer && dataOf(answer)), [answer])
  return (
    <Panel
      id="over-time"
      title="Over time"
      heading={found === undefined ? 'Over time' : headingOf(found)}
      meaning={found === undefined ? '' : `${found.definition.id}: ${found.definition.definition}`}
      data={data}
      cursor={cursor}
      choose={choose}
    >
      <div class="moves" role="group" aria-label="Move the period">
        {MOVES.map(([text, by]) => (
          <button key={text} type="button" onClick={() => move(by)}>
            {text}
          </button>
        ))}
        <span class="note">{found === undefined ? '' : hintOf(found)}</span>
      </div>
    </Panel>
  )
}

function headingOf({ definition: { title, unit } }: OverTimeAnswer): string {
  const { word } = unitOf(unit)
  return `${title}${word === '' ? '' : `, ${word}`}`
}

function hintOf({ definition, points }: OverTimeAnswer): string {
  const unit = unitOf(definition.unit)
  const isUnsure = points.some(({ now }) => now !== undefined && bounds(now, unit) !== '')
  return `Drag over the chart to narrow the period.${isUnsure ? ' Shaded: what it can be, given the telemetry that is missing; the table has both ends.' : ''}`
}

function dataOf({ definition, view, watermark, times, points }: OverTimeAnswer): ChartData {
  const unit = unitOf(definition.unit)
  const partial = (times.at(-1) ?? 0) + view.step > watermark + 1
  const read = points.findLastIndex(({ now }, i) => valueOf(now) !== null && !(partial && i === points.length - 1))
  const line = (name: string, of: (pair: Pair) => Figure | undefined, start: number): ChartData['series'][number] => {
    const found = points.map(of)
    return {
      name,
      values: found.map((figure) => figure?.value ?? null),
      bounds: found.map((figure) => [figure?.low ?? null, figure?.high ?? null] as const),
      remarks: found.map((figure) => (figure === undefined ? '' : bounds(figure, unit))),
      links: times.map((at) => behind(view, { at: start + at - view.from, step: view.step })),
    }
  }
  return {
    times,
    ...(read >= 0 && { read }),
    format: unit.format,
    axis: unit.axis,
    counted: points.some(({ now }) => now !== undefined && isCounted(now)),
    partial,
    series: [
      line(view.before === undefined ? definition.title : 'this period', ({ now }) => now, view.from),
      ...(view.before === undefined ? [] : [line('before', ({ before }) => before, view.before)]),
    ],
  }
}
