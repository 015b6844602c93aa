import type { HistogramData } from '../chart/buckets.ts'
import { Histogram } from '../chart/histogram.tsx'
import type { Row } from '../chart/row.ts'
import { Region, Table } from '../chart/table.tsx'
import { NONE } from '../shell/format.ts'
import { None, Skeleton } from '../shell/parts.tsx'
import { unitOf } from '../shell/units.ts'
import { isMoment, type Figure, type Pair } from './answer.ts'
import type { Whole } from './asked.ts'
import { bucketsOf, quantileName } from './buckets.ts'
import { behind } from './links.ts'
import { QUANTILES } from './question.ts'

/** The distribution of session values, so that no mean is shown alone. */
export function Spread({ answer }: { readonly answer: Whole | undefined }) {
  const isLone = answer?.pair !== undefined && !answer.definition.distribution
  return (
    <section id="spread" class="panel" aria-labelledby="spread-title" data-lone={isLone ? '' : undefined}>
      <h2 id="spread-title">How sessions spread</h2>
      {answer === undefined ? <Skeleton /> : <Body answer={answer} />}
    </section>
  )
}

function Body({ answer }: { readonly answer: Whole }) {
  const { pair, definition } = answer
  const { now } = pair ?? {}
  if (pair !== undefined && isMoment(definition))
    return (
      <None>
        How many are there at once is a figure of moments: a single session has no value of it. The breakdown shows
        where they are.
      </None>
    )
  if (pair !== undefined && !definition.distribution)
    return (
      <None>
        This metric is a ratio of sums over all sessions: a single session has no value of its own that could be
        averaged. The breakdown shows how it spreads over places.
      </None>
    )
  if (pair === undefined || now === undefined || now.value === null) return <None>{NONE}</None>
  return (
    <div class="spread">
      <Histogram id="histogram" title="Sessions by their value" data={histogramOf(answer, pair, now)} />
      <Region id="quantiles" label="Quantiles">
        <Table
          class="words"
          head={['statistic', 'value', ...(answer.view.before === undefined ? [] : ['before'])]}
          rows={rowsOf(answer, pair)}
        />
      </Region>
    </div>
  )
}

const quantile = (figure: Figure | undefined, p: (typeof QUANTILES)[number]): number | null =>
  figure?.quantiles?.[QUANTILES.indexOf(p)] ?? null

const histogramOf = ({ definition, view }: Whole, { before }: Pair, now: Figure): HistogramData => ({
  buckets: bucketsOf(now, before, definition.scale),
  format: unitOf(definition.unit).format,
  compared: view.before !== undefined,
  href: behind(view),
  marks: [
    { name: 'median', value: quantile(now, 0.5) ?? NaN },
    { name: 'mean', value: now.value ?? NaN },
    { name: 'p95', value: quantile(now, 0.95) ?? NaN },
  ],
})

function rowsOf({ definition, view }: Whole, { now, before }: Pair): Row[] {
  const { format } = unitOf(definition.unit)
  const row = (name: string, of: (figure: Figure | undefined) => number | null): Row => [
    name,
    { text: format(of(now)), href: behind(view) },
    ...(view.before === undefined ? [] : [{ text: format(of(before)), href: behind(view, { at: view.before }) }]),
  ]
  return [
    row('Mean', (figure) => figure?.value ?? null),
    ...QUANTILES.map((p) => row(quantileName(p), (figure) => quantile(figure, p))),
  ]
}
