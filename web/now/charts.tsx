import { useMemo } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { Panel } from '../chart/panel.tsx'
import { CHARTS, dataOf, type Chart } from './lines.ts'
import type { Place } from './links.ts'
import type { Frame } from './view.ts'

export interface ChartsProps {
  readonly frame: Frame | undefined
  readonly place: Place
}

/** All charts of the page, with a shared cursor. */
export function Charts({ frame, place }: ChartsProps) {
  const cursor = useSignal<number | null>(null)
  const all = useMemo(
    () => CHARTS.map((chart) => (frame === undefined ? undefined : dataOf(chart, frame, place))),
    [frame, place.country, place.oca],
  )
  return (
    <section id="charts" class="charts" aria-label="Minute by minute">
      {CHARTS.map((chart, i) => (
        <Panel
          key={chart.id}
          id={chart.id}
          title={chart.title}
          meaning={frame === undefined ? '' : meaningOf(chart, frame)}
          data={all[i]}
          cursor={cursor}
          judge={chart.judge}
        />
      ))}
    </section>
  )
}

const meaningOf = ({ means }: Chart, { definitions }: Frame): string =>
  means.map((id) => `${id}: ${definitions[id] ?? ''}`).join('\n')
