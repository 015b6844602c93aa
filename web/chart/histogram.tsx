import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { amount, NONE } from '../shell/format.ts'
import { useWidth } from '../shell/hooks.ts'
import { speak } from '../shell/voice.ts'
import { headOf, rangeOf, rowsOf, totals, type HistogramData } from './buckets.ts'
import { apart, topOf } from './scale.ts'
import { Region, Table } from './table.tsx'

const [HEIGHT, LEFT, BOTTOM, TOP, LABEL_PX] = [188, 46, 22, 34, 62]
const BASE = HEIGHT - BOTTOM

export interface HistogramProps {
  readonly id: string
  readonly title: string
  readonly data: HistogramData
}

/** A histogram with its table; arrow keys read it bucket by bucket. */
export const Histogram = ({ id, title, data }: HistogramProps) => (
  <figure id={id} class="histogram">
    <Picture title={title} data={data} />
    <details>
      <summary>
        Table<span class="voice"> of {title}</span>
      </summary>
      <Region label={`${title}, as a table`}>
        <Table head={headOf(data)} rows={rowsOf(data)} />
      </Region>
    </details>
  </figure>
)

function Picture({ title, data }: Omit<HistogramProps, 'id'>) {
  const picture = useRef<SVGSVGElement>(null)
  const width = useWidth(picture)
  const at = useSignal(-1)
  const { buckets, format, marks } = data
  const steer = (event: KeyboardEvent): void => {
    const last = buckets.length - 1
    const from = at.value
    const to = { ArrowLeft: from < 0 ? last : from - 1, ArrowRight: from + 1, Home: 0, End: last, Escape: -1 }[
      event.key
    ]
    if (to === undefined || last < 0) return
    event.preventDefault()
    at.value = event.key === 'Escape' ? -1 : Math.max(0, Math.min(last, to))
    const bucket = buckets[at.value]
    if (bucket !== undefined) speak(`${rangeOf(bucket, format)}: ${amount(bucket.count)} sessions`)
  }
  const values = marks.map(({ name, value }) => `${name} ${format(value)}`).join(', ')
  return (
    <svg
      ref={picture}
      role="img"
      tabindex={0}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      aria-label={
        buckets.length === 0
          ? `${title}: ${NONE}`
          : `${title}. ${values}. Arrow keys read bucket by bucket; the table below has all figures.`
      }
      onKeyDown={steer}
    >
      {buckets.length === 0 ? (
        <text x={width / 2} y={HEIGHT / 2} text-anchor="middle">
          {NONE}
        </text>
      ) : (
        <Drawing data={data} width={width} at={at.value} />
      )}
    </svg>
  )
}

interface DrawingProps {
  readonly data: HistogramData
  readonly width: number
  /** Index of the current bucket; -1 for none. */
  readonly at: number
}

function Drawing({ data: { buckets, format, marks, compared }, width, at }: DrawingProps) {
  const all = totals(buckets)
  const now = buckets.map(({ count }) => count / Math.max(1, all.now))
  const before = buckets.map((bucket) => bucket.before / Math.max(1, all.before))
  const top = topOf(Math.max(...now, ...before))
  const wide = (width - LEFT - 8) / buckets.length
  const x = (index: number): number => LEFT + index * wide
  const y = (value: number): number => BASE - (value / top) * (BASE - TOP)
  const every = Math.max(1, Math.ceil(LABEL_PX / wide))
  return (
    <>
      {[0, top / 2, top].map((tick) => (
        <g key={tick}>
          <line class={tick === 0 ? 'base' : 'grid'} x1={LEFT} x2={width - 8} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 6} y={(y(tick) + 4).toFixed(1)} text-anchor="end">
            {Number((tick * 100).toFixed(1))} %
          </text>
        </g>
      ))}
      {buckets.map((bucket, i) => (
        <rect
          key={bucket.from}
          class={`bar s1${i === at ? ' at' : ''}`}
          x={(x(i) + 0.5).toFixed(1)}
          y={y(now[i]!).toFixed(1)}
          width={Math.max(0.5, wide - 1).toFixed(1)}
          height={(BASE - y(now[i]!)).toFixed(1)}
        >
          <title>{`${rangeOf(bucket, format)}: ${amount(bucket.count)}`}</title>
        </rect>
      ))}
      {compared && (
        <path
          class="line s2"
          d={before
            .map((then, i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(then).toFixed(1)}H${x(i + 1).toFixed(1)}`)
            .join('')}
        />
      )}
      {buckets.map(({ from }, i) =>
        i % every === 0 && x(i) < width - LABEL_PX / 2 ? (
          <text key={from} x={x(i).toFixed(1)} y={HEIGHT - 6} text-anchor={i === 0 ? 'start' : 'middle'}>
            {format(from)}
          </text>
        ) : null,
      )}
      <Marks marks={marks} buckets={buckets} x={x} width={width} />
    </>
  )
}

interface MarksProps extends Pick<HistogramData, 'marks' | 'buckets'> {
  readonly x: (index: number) => number
  readonly width: number
}

/** Each highlighted value at its position within its bucket, labelled above the bars. */
function Marks({ marks, buckets, x, width }: MarksProps) {
  const placed = marks.flatMap(({ name, value }) => {
    const index = buckets.findIndex(({ from, to }) => value >= from && value < to)
    const bucket = buckets[index]
    return bucket === undefined ? [] : [{ name, place: x(index + (value - bucket.from) / (bucket.to - bucket.from)) }]
  })
  const names = apart(
    placed.map(({ place }) => place),
    LABEL_PX,
    width - LABEL_PX / 2,
  )
  return (
    <>
      {placed.map(({ name, place }, i) => (
        <g key={name}>
          <path class="mark" d={`M${names[i]!.toFixed(1)} 16L${place.toFixed(1)} ${TOP - 8}V${BASE}`} />
          <text x={names[i]!.toFixed(1)} y={12} text-anchor="middle">
            {name}
          </text>
        </g>
      ))}
    </>
  )
}
