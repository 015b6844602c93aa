import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { Panel } from '../chart/panel.tsx'
import type { Cursor } from '../chart/reading.tsx'
import { Region, Table } from '../chart/table.tsx'
import type { Address } from '../shell/address.ts'
import { useAnswer } from '../shell/hooks.ts'
import { None, Section, Skeleton } from '../shell/parts.tsx'
import { asOf, onePath } from './asked.ts'
import { bothCurves, clearLevels, differenceCurve } from './curves.ts'
import type { Experiment, Quantiles } from './types.ts'
import { armName, metricOf, quantileRows } from './view.ts'

const EVERY_MS = 15_000
/** Values of a slice that are drawn, the largest first; the table has all. */
const MAX_DRAWN = 6

type Comparison = Quantiles['comparisons'][number]

/** The whole distribution of single sessions: an effect in the tail is invisible in a mean and in a median. */
export function Distributions({ address, experiment }: { readonly address: Address; readonly experiment: Experiment }) {
  const cursor = useSignal<number | null>(null)
  const slice = address.get('slice')
  const query = asOf(address, { curve: 'true', ...(slice !== '' && { slice }) })
  const answer = useAnswer<Quantiles>(`${onePath(experiment.id)}/quantiles${query}`, {
    everyMs: address.get('as_of') === '' ? EVERY_MS : undefined,
    patience: 30_000,
  })
  return (
    <Section name="quantiles" wide title="Quantiles of single sessions, with a band over all levels and times">
      {answer === undefined ? (
        <Skeleton />
      ) : answer.comparisons.length === 0 ? (
        <None />
      ) : (
        <>
          {answer.comparisons
            .toSorted((a, b) => b.units.control - a.units.control)
            .slice(0, MAX_DRAWN)
            .map((each) => (
              <Pair key={nameOf(experiment, each)} experiment={experiment} comparison={each} cursor={cursor} />
            ))}
          <Region label="Quantiles">
            <Table
              head={['level', 'control', 'arm', 'difference', 'band']}
              rows={answer.comparisons.flatMap((each) => quantileRows(experiment, each))}
            />
          </Region>
        </>
      )}
    </Section>
  )
}

const nameOf = (experiment: Experiment, { metric, variation, slice }: Comparison): string =>
  [
    metricOf(experiment, metric)?.name ?? metric,
    armName(experiment, variation),
    ...(slice === null ? [] : [slice.value === '' ? `no ${slice.name}` : slice.value]),
  ].join(', ')

interface PairProps {
  readonly experiment: Experiment
  readonly comparison: Comparison
  readonly cursor: Cursor
}

/** Both quantile functions, below them their difference, and what it says. */
function Pair({ experiment, comparison, cursor }: PairProps) {
  const both = useMemo(() => bothCurves(experiment, comparison), [experiment, comparison])
  const difference = useMemo(() => differenceCurve(experiment, comparison), [experiment, comparison])
  const name = nameOf(experiment, comparison)
  const id = `curve-${comparison.metric.replaceAll(/\W/g, '-')}-${comparison.variation}-${comparison.slice?.value ?? ''}`
  const { control, treatment } = comparison.units
  return (
    <>
      <p class="note">
        <b>{name}</b>: {clearLevels(experiment, comparison)}
      </p>
      <div class="pictures">
        <Panel
          id={id}
          title={`Quantile functions: ${name}`}
          heading="Both arms"
          meaning={`For each level, the value that this share of sessions does not exceed; ${control} and ${treatment} units.`}
          data={both}
          cursor={cursor}
        />
        <Panel
          id={`${id}-difference`}
          title={`Difference of the quantile functions: ${name}`}
          heading="Arm minus control"
          meaning="The band holds at all levels and at any time at once. The strip, if there is one, is what the metric's margin allows."
          data={difference}
          cursor={cursor}
        />
      </div>
    </>
  )
}
