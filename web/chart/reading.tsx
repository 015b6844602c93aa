import type { Signal } from '@preact/signals'
import { NONE } from '../shell/format.ts'
import { isEmpty, remarkOf, settled, stepName, type ChartData } from './data.ts'

/** A time of the shared cursor, ms; null for none. */
export type Cursor = Signal<number | null>

/** Index of the cursor in a chart; -1 for none. */
export const cursorIndex = (data: ChartData | undefined, cursor: Cursor): number =>
  data === undefined || cursor.value === null ? -1 : data.times.indexOf(cursor.value)

export interface ReadingProps {
  readonly heading: string
  readonly meaning: string
  readonly data: ChartData | undefined
  readonly cursor: Cursor
  /** The status class of a value of the first line. */
  readonly judge?: ((value: number | null) => string) | undefined
}

/** The values of one minute above a chart: at the cursor, otherwise of the last complete minute. */
export function Reading({ heading, meaning, data, cursor, judge }: ReadingProps) {
  const at = cursorIndex(data, cursor)
  const index = data === undefined || at >= 0 ? at : settled(data)
  return (
    <figcaption>
      <div class="title">
        <h2 title={meaning}>{heading}</h2>
        <time>{data === undefined || data.times.length === 0 ? '' : stepName(data)(data.times[index]!)}</time>
      </div>
      <p class="reading">
        {data === undefined ? (
          <span class="skeleton block" />
        ) : isEmpty(data) ? (
          NONE
        ) : (
          <Values data={data} index={index} judge={judge} />
        )}
      </p>
    </figcaption>
  )
}

type ValuesProps = Pick<ReadingProps, 'judge'> & { readonly data: ChartData; readonly index: number }

function Values({ data, index, judge }: ValuesProps) {
  const state = judge?.(data.series[0]!.values[index] ?? null)
  return (
    <>
      {data.series.map(({ name }, i) => (
        <Value key={name} data={data} line={i} index={index} />
      ))}
      {state !== undefined && state !== 'unknown' && (
        <span class="status" data-state={state}>
          {WORDS[state] ?? state}
        </span>
      )}
    </>
  )
}

const WORDS: Readonly<Record<string, string>> = { good: 'good', warn: 'noticeable', bad: 'bad' }

function Value({ data: { series, format }, line, index }: { data: ChartData; line: number; index: number }) {
  const { name, values, remarks, links } = series[line]!
  const text = format(values[index] ?? null)
  const href = links?.[index]
  return (
    <span class="value">
      {series.length > 1 && (
        <>
          <i class={`key s${line + 1}`} />
          {`${name} `}
        </>
      )}
      {text === NONE ? (
        <span>{text}</span>
      ) : href ? (
        <a href={href}>
          <b>{text}</b>
        </a>
      ) : (
        <b>{text}</b>
      )}
      {remarkOf(remarks?.[index])}
    </span>
  )
}
