import { judge, reachOf } from '../chart/effect.ts'
import { Interval } from '../chart/interval.tsx'
import { Region, Table } from '../chart/table.tsx'
import { openAddress } from '../shell/address.ts'
import type { ScoreCell } from '../shell/answers.ts'
import { createAsking } from '../shell/asking.ts'
import { fullTime } from '../shell/format.ts'
import { useMe } from '../shell/hooks.ts'
import { None, Section, Skeleton } from '../shell/parts.tsx'
import { open, Shell } from '../shell/shell.tsx'
import { askExperiment, onePath, REFRESH_MS, scorecardQuery } from './asked.ts'
import { Announced, Decisions } from './decisions.tsx'
import { Distributions } from './distributions.tsx'
import { Operate } from './operate.tsx'
import { OverTime } from './over-time.tsx'
import type { Experiment, Health } from './types.ts'
import { healthRows, isBroken, metricOf, note, SCORE_HEAD, scoreRow, trailRows } from './view.ts'

/** The page of one experiment: what to do, why, and everything it rests on. */
const address = openAddress({ id: '', slice: '', metric: '', as_of: '' })
const asking = createAsking(() => (address.get('as_of') === '' ? 2.5 * REFRESH_MS : undefined))
const asked = askExperiment(address, asking)

const FAMILIES = [
  ['primary', 'Primary metrics: what it is for'],
  ['guardrail', 'Guardrails: what must not be harmed'],
  ['secondary', 'Secondary metrics: what else moved'],
  ['exploratory', 'By slice'],
] as const

function Page() {
  const me = useMe()
  const experiment = asked.experiment.value
  const [decision, health] = [asked.decision.value, asked.health.value]
  const watermark = decision?.watermark
  const units = health?.exposed.phases.flatMap((phase) => phase.units).reduce((sum, count) => sum + count, 0) ?? 0
  const draft = 'A draft: nobody is exposed until it is started'
  return (
    <Shell
      section="Experiments"
      address={address}
      standing={asking.shown}
      headline={experiment && (experiment.startedAt === null ? draft : decision?.decision.headline)}
      note={experiment === undefined ? '' : note(experiment, units, watermark)}
      filters={filtersOf(experiment)}
      footer={<Basis watermark={watermark} />}
    >
      {experiment !== undefined && (
        <>
          {health !== undefined && isBroken(health) && <Soundness experiment={experiment} health={health} />}
          <Announced experiment={experiment} />
          <Why />
          {experiment.startedAt !== null && <Scores experiment={experiment} />}
          {experiment.startedAt !== null && <Chart experiment={experiment} />}
          {experiment.startedAt !== null &&
            experiment.metrics.primary.concat(experiment.metrics.secondary).some(({ kind }) => kind === 'quantile') && (
              <Distributions address={address} experiment={experiment} />
            )}
          {health !== undefined && !isBroken(health) && <Soundness experiment={experiment} health={health} />}
          <Section name="operate" wide title="Run it">
            {me === undefined ? <Skeleton /> : <Operate experiment={experiment} asked={asked} me={me} />}
          </Section>
          {experiment.startedAt !== null && <Decisions experiment={experiment} />}
          <Section name="trail" wide title="Who did what">
            <Region label="Audit trail">
              <Table head={['action', 'by', 'at', 'state', 'coverage']} rows={trailRows(asked.revisions.value)} />
            </Region>
          </Section>
        </>
      )}
    </Shell>
  )
}

const filtersOf = (experiment: Experiment | undefined) => [
  {
    name: 'slice',
    label: 'Slice by',
    options: [
      ['', 'nothing'],
      ...['country', 'device', 'asn', 'app_version', 'bitrate_before'].map(
        (name) => [name, experiment?.slices.includes(name) === true ? name : `${name} (ad hoc)`] as const,
      ),
    ] as const,
  },
  {
    name: 'metric',
    label: 'Over time',
    options: [
      ['', 'first primary metric'] as const,
      ...Object.values(experiment?.metrics ?? {})
        .flat()
        .filter(({ kind }) => kind !== 'quantile')
        .map(({ id, name }) => [id, name] as const),
    ],
  },
]

/** The hypothesis, and the reasons of the verdict. */
function Why() {
  const [experiment, decision] = [asked.experiment.value, asked.decision.value?.decision]
  return (
    <Section name="why" wide title="Why">
      {experiment?.hypothesis !== '' && <p>Hypothesis: {experiment?.hypothesis}</p>}
      {decision === undefined ? (
        <None>Reasons come with the first exposures.</None>
      ) : (
        <ul>
          {decision.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {decision !== undefined && decision.arms.length > 1 && (
        <ul>
          {decision.arms.map(({ variation, headline }) => (
            <li key={variation}>{headline}</li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Scores({ experiment }: { readonly experiment: Experiment }) {
  const cells = asked.scorecard.value?.cells
  if (cells === undefined)
    return (
      <Section name="scores" wide title="Scorecard">
        <Skeleton />
      </Section>
    )
  const reach = reachOf(cells.flatMap(({ relative }) => (relative === null ? [] : [relative.interval])))
  return (
    <>
      {FAMILIES.map(([family, title]) => {
        const own = cells.filter((cell) => cell.family === family)
        return own.length === 0 ? null : (
          <Section key={family} name={`scores-${family}`} wide title={title}>
            <Region label={`Table: ${title}`}>
              <Table
                class="scores"
                head={SCORE_HEAD}
                rows={own.map((cell) => scoreRow(experiment, cell, drawn(experiment, cell, reach)))}
              />
            </Region>
          </Section>
        )
      })}
    </>
  )
}

function drawn(
  experiment: Experiment,
  { metric: id, relative, family, guardrail }: ScoreCell,
  reach: number,
): object | undefined {
  const metric = metricOf(experiment, id)
  if (relative === null) return <span class="veil" aria-hidden="true" />
  const state =
    family === 'guardrail'
      ? guardrail === 'inferior'
        ? 'bad'
        : guardrail === 'undecided'
          ? 'unknown'
          : 'good'
      : judge(relative.interval, metric?.better ?? 'up')
  return <Interval {...relative} reach={reach} state={state} margin={metric?.margin} />
}

function Chart({ experiment }: { readonly experiment: Experiment }) {
  const metric =
    metricOf(experiment, address.get('metric')) ?? experiment.metrics.primary.find(({ kind }) => kind !== 'quantile')
  return metric === undefined ? null : <OverTime address={address} experiment={experiment} metric={metric} />
}

const Soundness = ({ experiment, health }: { readonly experiment: Experiment; readonly health: Health }) => (
  <Section name="health" wide title="Can these numbers be trusted?">
    <Region label="Health">
      <Table head={['question', 'answer', 'beside']} rows={healthRows(experiment, health)} />
    </Region>
  </Section>
)

/** What the figures rest on: a frozen moment has an address of its own. */
function Basis({ watermark }: { readonly watermark: number | undefined }) {
  const path = `${onePath(address.get('id'))}`
  const frozen = address.get('as_of')
  const query = scorecardQuery(address)
  return (
    <>
      {watermark !== undefined && <span>Counted up to {fullTime(watermark)}. </span>}
      {frozen === '' && watermark !== undefined && (
        <a href={address.with({ as_of: String(Math.floor(watermark)) })}>This moment, frozen</a>
      )}
      {frozen !== '' && <a href={address.with({ as_of: '' })}>Back to now</a>}{' '}
      <a href={`${path}/scorecard${query}`}>JSON</a>{' '}
      <a href={`${path}/export${query === '' ? '?' : `${query}&`}format=csv`}>CSV</a>{' '}
      <a href={`${path}/export${query === '' ? '?' : `${query}&`}format=parquet`}>Parquet</a>
    </>
  )
}

open(Page)
