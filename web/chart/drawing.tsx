import { NONE } from '../shell/format.ts'
import { isEmpty, stepName, type Series, type Stretch } from './data.ts'
import { EDGE, HEIGHT, LETTER_PX, type Plot } from './plot.ts'
import { apart, runs, ticksOf, timeTicks } from './scale.ts'

const LABEL_PX = 14
/** Minimum width of a gap that is labelled. */
const NAMED_PX = 46

/** The picture of a chart: gaps, grid, thresholds, bands, lines and their names. `hatch`: id of the gap pattern. */
export function Drawing({ plot, hatch }: { readonly plot: Plot; readonly hatch: string }) {
  const { data } = plot
  if (isEmpty(data))
    return (
      <>
        <Gap plot={plot} from={-1} to={data.times.length + 1} hatch={hatch} />
        <Grid plot={plot} />
      </>
    )
  const unknown = runs(data.times.length, (i) => data.series.every(({ values }) => (values[i] ?? null) === null))
  return (
    <>
      {unknown.map(({ from, to }) => (
        <Gap key={from} plot={plot} from={from} to={to} hatch={hatch} />
      ))}
      <Grid plot={plot} />
      <Thresholds plot={plot} />
      {data.strip !== undefined && <path class="strip" d={between(plot, data.strip, 0, data.strip.length - 1)} />}
      {data.series.map((series, i) => (
        <Band key={series.name} plot={plot} series={series} index={i} />
      ))}
      {data.series.map((series, i) => (
        <Line key={series.name} plot={plot} series={series} index={i} />
      ))}
      <Names plot={plot} />
    </>
  )
}

interface Drawn {
  readonly plot: Plot
}
interface DrawnSeries extends Drawn {
  readonly series: Series
  readonly index: number
}

function Grid({ plot: { data, low, top, right, x, y } }: Drawn) {
  const ticks = low < 0 ? [low, ...(top > 0 ? [0, top] : [0])] : ticksOf(top, data.counted ?? false)
  const name = stepName(data)
  const minutes = timeTicks(data.times, right - EDGE.left, LETTER_PX * (name(data.times[0] ?? 0).length + 3))
  return (
    <>
      {ticks.map((tick) => (
        <line
          key={`l${tick}`}
          class={tick === 0 ? 'base' : 'grid'}
          x1={EDGE.left}
          x2={right}
          y1={y(tick)}
          y2={y(tick)}
        />
      ))}
      {(isEmpty(data) ? [] : ticks).map((tick) => (
        <text key={`t${tick}`} x={EDGE.left - 6} y={(y(tick) + 4).toFixed(1)} text-anchor="end">
          {data.axis(tick)}
        </text>
      ))}
      {minutes.map((index) => (
        <TimeLabel key={data.times[index]} x={x(index)} text={name(data.times[index]!)} end={right} />
      ))}
    </>
  )
}

/** A label below its position, kept inside the picture. */
function TimeLabel({ x, text, end }: { readonly x: number; readonly text: string; readonly end: number }) {
  const most = end + 10 - (text.length * LETTER_PX) / 2
  return (
    <text x={Math.min(x, most).toFixed(1)} y={HEIGHT - 6} text-anchor="middle">
      {text}
    </text>
  )
}

/** A range without data: hatched, and labelled if there is room. */
function Gap({ plot: { low, right, x, y }, from, to, hatch }: Drawn & { from: number; to: number; hatch: string }) {
  const half = (x(1) - x(0)) / 2
  const [left, end] = [Math.max(EDGE.left, x(from) - half), Math.min(right, x(to) + half)]
  return (
    <>
      <rect class="gap" x={left} y={EDGE.top} width={end - left} height={y(low) - EDGE.top} fill={`url(#${hatch})`}>
        <title>{NONE}</title>
      </rect>
      {end - left >= NAMED_PX && (
        <text class="named" x={((left + end) / 2).toFixed(1)} y={(y(low) / 2 + 8).toFixed(1)} text-anchor="middle">
          {NONE}
        </text>
      )}
    </>
  )
}

const Thresholds = ({ plot: { data, top, right, y } }: Drawn) => (
  <>
    {(data.thresholds ?? [])
      .filter(({ value }) => value <= top)
      .map(({ value, name }) => (
        <g key={name}>
          <line class="threshold" x1={EDGE.left} x2={right} y1={y(value)} y2={y(value)} />
          <text class="threshold-name" x={right + 6} y={(y(value) + 4).toFixed(1)}>
            {name}
          </text>
        </g>
      ))}
  </>
)

function Line({ plot: { data, x, y }, series: { values }, index }: DrawnSeries) {
  const [kind, last] = [`s${index + 1}`, values.length - 1]
  const path = (from: number, to: number): string =>
    Array.from(
      { length: to - from + 1 },
      (_, i) => `${i === 0 ? 'M' : 'L'}${x(from + i).toFixed(1)} ${y(values[from + i]!).toFixed(1)}`,
    ).join('')
  return (
    <>
      {runs(values.length, (i) => values[i] !== null && values[i] !== undefined).map(({ from, to }) => {
        const isOpen = data.partial && to === last
        if (from === to)
          return (
            <circle
              key={from}
              class={`dot ${kind}${isOpen ? ' partial' : ''}`}
              cx={x(from)}
              cy={y(values[from]!)}
              r={2.5}
            />
          )
        const whole = isOpen ? to - 1 : to
        return (
          <g key={from}>
            {whole > from && <path class={`line ${kind}`} d={path(from, whole)} />}
            {isOpen && <path class={`line ${kind} partial`} d={path(to - 1, to)} />}
          </g>
        )
      })}
    </>
  )
}

/** The name of each line at its end, next to its last complete value. */
function Names({ plot: { data, right, y } }: Drawn) {
  if (data.series.length < 2) return null
  const shown = data.series.flatMap(({ name, values }, index) => {
    const value = values.findLast((each) => each !== null)
    return value === undefined ? [] : [{ name, index, place: y(value) + 4 }]
  })
  const places = apart(
    shown.map(({ place }) => place),
    LABEL_PX,
    HEIGHT - EDGE.bottom,
  )
  return (
    <>
      {shown.map(({ name, index }, i) => (
        <text key={name} class={`name s${index + 1}`} x={right + 6} y={places[i]!.toFixed(1)}>
          {name}
        </text>
      ))}
    </>
  )
}

type Bounds = readonly (readonly [low: number | null, high: number | null])[]

/** Where a bound stands; what is beyond the picture is cut off. */
const placed = ({ low, top, y }: Plot, value: number): number => y(Math.max(low, Math.min(top, value)))

/** The outline of the area between bounds that are all known. */
function between(plot: Plot, bounds: Bounds, from: number, to: number): string {
  const edge = (side: 0 | 1): string[] =>
    Array.from(
      { length: to - from + 1 },
      (_, i) => `${plot.x(from + i).toFixed(1)} ${placed(plot, bounds[from + i]![side]!).toFixed(1)}`,
    )
  return `M${[...edge(1), ...edge(0).toReversed()].join('L')}Z`
}

/** The bounds of values, drawn if both are known. */
function Band({ plot, series: { bounds = [] }, index }: DrawnSeries) {
  const known = (i: number): boolean => typeof bounds[i]?.[0] === 'number' && typeof bounds[i][1] === 'number'
  const kind = `between s${index + 1}`
  return (
    <>
      {runs(bounds.length, known).map(({ from, to }) =>
        from === to ? (
          <line
            key={from}
            class={kind}
            x1={plot.x(from)}
            x2={plot.x(from)}
            y1={placed(plot, bounds[from]![0]!)}
            y2={placed(plot, bounds[from]![1]!)}
          />
        ) : (
          <path key={from} class={kind} d={between(plot, bounds, from, to)} />
        ),
      )}
    </>
  )
}

/** The range being selected. */
export function Chosen({ plot: { low, x, y }, stretch }: Drawn & { readonly stretch: Stretch | undefined }) {
  if (stretch === undefined) return null
  const half = (x(1) - x(0)) / 2
  const [left, right] = [x(stretch[0]) - half, x(stretch[1]) + half]
  return <rect class="chosen" x={left} width={right - left} y={EDGE.top} height={y(low) - EDGE.top} />
}

/** The cursor at an index; -1 for none. */
export function Pointer({ plot: { data, low, x, y }, index }: Drawn & { readonly index: number }) {
  if (index < 0 || index >= data.times.length) return null
  return (
    <>
      <line class="cursor" x1={x(index)} x2={x(index)} y1={EDGE.top} y2={y(low)} />
      {data.series.map(({ name, values }, i) => {
        const value = values[index] ?? null
        return value === null ? null : <circle key={name} class={`dot s${i + 1}`} cx={x(index)} cy={y(value)} r={3.5} />
      })}
    </>
  )
}

/** The hatch pattern of gaps. */
export const Hatching = ({ id }: { readonly id: string }) => (
  <pattern id={id} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <line class="hatch" x1={0} x2={0} y1={0} y2={6} />
  </pattern>
)
