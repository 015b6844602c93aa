import { useMemo } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import type { ChartData } from '../chart/data.ts'
import { Panel } from '../chart/panel.tsx'
import type { Definition, MetricsAnswer } from '../shell/answers.ts'
import { useAnswer } from '../shell/hooks.ts'
import { sessionsLink } from '../shell/links.ts'
import { unitOf } from '../shell/units.ts'
import type { IncidentDetail } from './types.ts'
import { asNamed } from './view.ts'

/** Few points, so that each has enough sessions. */
const POINTS = 24
/** Readable steps, ms. */
const STEPS = [60_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 86_400_000]

export interface CourseProps {
  readonly incident: IncidentDetail
  readonly definition: Definition | undefined
}

/** The metric of an incident over time, loaded again whenever the incident is. */
export function Course({ incident, definition }: CourseProps) {
  const cursor = useSignal<number | null>(null)
  const answer = useAnswer<MetricsAnswer>(pathOf(incident), { again: incident })
  const data = useMemo(
    () => (answer === undefined || definition === undefined ? undefined : dataOf(incident, definition, answer)),
    [incident, definition, answer],
  )
  return (
    <Panel
      id="course"
      title="How it went"
      meaning={definition === undefined ? '' : `${definition.id}: ${definition.definition}`}
      data={data}
      cursor={cursor}
    />
  )
}

const stepOf = ({ period: { from, to } }: IncidentDetail): number =>
  STEPS.find((step) => (to - from) / step <= POINTS) ?? STEPS.at(-1)!

function pathOf(incident: IncidentDetail): string {
  const path = new URL(incident.links.metrics, location.href)
  path.searchParams.set('interval', String(stepOf(incident)))
  return path.pathname + path.search
}

function dataOf(incident: IncidentDetail, { title, unit }: Definition, { answers }: MetricsAnswer): ChartData {
  const { clock, session_metric: metric, filters, end, period } = incident
  const step = stepOf(incident)
  const count = Math.max(1, Math.ceil((period.to - period.from) / step))
  const times = Array.from({ length: count }, (_, i) => period.from + i * step)
  const values = new Map((answers[0]?.rows ?? []).map(({ at, values: [value] }) => [at, value?.value ?? null]))
  const { format, axis } = unitOf(unit)
  return {
    times,
    partial: end === null,
    format,
    axis,
    series: [
      {
        name: title,
        values: times.map((at) => values.get(at) ?? null),
        links: times.map((at) => sessionsLink({ clock, metric, from: at, to: at + step, filters: asNamed(filters) })),
      },
    ],
  }
}
