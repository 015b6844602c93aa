import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { topOf } from '../chart/scale.ts'
import { Region, Table } from '../chart/table.tsx'
import type { Outlook } from '../shell/answers.ts'
import { axisPercent } from '../shell/format.ts'
import { useWidth } from '../shell/hooks.ts'
import { speak } from '../shell/voice.ts'
import { dayRows, daySentence, found } from './prospect.ts'

type MetricOutlook = Outlook['metrics'][number]

const [HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [156, 52, 34, 10, 12]
const BASE = HEIGHT - BOTTOM
const WEEK = 7

interface CourseProps {
  readonly metric: MetricOutlook
  /** Days that were observed; later ones are extrapolated, and dashed. */
  readonly observed: number
}

/** Days against the effect that is found, with its table; arrow keys read it day by day. */
export const Course = ({ metric, observed }: CourseProps) => (
  <figure class="course">
    <figcaption>{found(metric)}</figcaption>
    {metric.reason === '' && (
      <>
        <Picture metric={metric} observed={observed} />
        <details>
          <summary>
            Table<span class="voice"> of {metric.name}</span>
          </summary>
          <Region label={`${metric.name}: effects by day, as a table`}>
            <Table head={['day', 'units counted', 'smallest effect found']} rows={dayRows(metric, observed)} />
          </Region>
        </details>
      </>
    )}
  </figure>
)

function Picture({ metric, observed }: CourseProps) {
  const picture = useRef<SVGSVGElement>(null)
  const width = useWidth(picture)
  const at = useSignal(-1)
  const { days } = metric
  const steer = (event: KeyboardEvent): void => {
    const from = at.value < 0 ? days.length : at.value
    const to = { ArrowLeft: from - 1, ArrowRight: at.value + 1, Home: 0, End: days.length - 1, Escape: -1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    at.value = event.key === 'Escape' ? -1 : Math.max(0, Math.min(days.length - 1, to))
    const day = days[at.value]
    if (day !== undefined) speak(daySentence(day))
  }
  return (
    <svg
      ref={picture}
      role="img"
      tabindex={0}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      aria-label={`${found(metric)} Arrow keys read day by day; the table below has all figures.`}
      onKeyDown={steer}
    >
      <Drawing days={days} observed={observed} width={width} at={at.value} />
    </svg>
  )
}

interface DrawingProps {
  readonly days: MetricOutlook['days']
  readonly observed: number
  readonly width: number
  /** Index of the current day; -1 for none. */
  readonly at: number
}

function Drawing({ days, observed, width, at }: DrawingProps) {
  const top = topOf(Math.max(0, ...days.map(({ effect }) => effect ?? 0)))
  const x = (day: number): number => LEFT + ((day - 1) / Math.max(1, days.length - 1)) * (width - LEFT - RIGHT)
  const y = (effect: number): number => BASE - (effect / top) * (BASE - TOP)
  const line = (all: DrawingProps['days']): string =>
    all.map(({ day, effect }, i) => `${i === 0 ? 'M' : 'L'}${x(day).toFixed(1)} ${y(effect ?? 0).toFixed(1)}`).join('')
  const told = days.filter(({ effect }) => effect !== null)
  const current = days[at]
  return (
    <>
      {[0, top / 2, top].map((tick) => (
        <g key={tick}>
          <line class={tick === 0 ? 'base' : 'grid'} x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 6} y={(y(tick) + 4).toFixed(1)} text-anchor="end">
            {axisPercent(tick)}
          </text>
        </g>
      ))}
      {days
        .filter(({ day }) => day % WEEK === 0)
        .map(({ day }) => (
          <text key={day} x={x(day).toFixed(1)} y={BASE + 14} text-anchor="middle">
            {day}
          </text>
        ))}
      <text x={width - RIGHT} y={HEIGHT - 4} text-anchor="end">
        days after the start
      </text>
      <path class="line s1" d={line(told.filter(({ day }) => day <= observed))} />
      <path class="line s1 guessed" d={line(told.filter(({ day }) => day + 1 > observed))} />
      {current !== undefined && (
        <>
          <line class="cursor" x1={x(current.day)} x2={x(current.day)} y1={TOP} y2={BASE} />
          {current.effect !== null && <circle class="dot s1" cx={x(current.day)} cy={y(current.effect)} r={4} />}
        </>
      )}
    </>
  )
}
