import { Region, Table } from '../chart/table.tsx'
import { percent } from '../shell/format.ts'
import { Section } from '../shell/parts.tsx'
import { metricRow, type Measured } from './facts.ts'

const HEAD = ['metric', 'value', 'low to high', 'numerator', 'denominator', 'id']

/** The session's value in each metric. */
export const Metrics = ({ measured }: { readonly measured: Measured | undefined }) => (
  <Section name="metrics" wide title="What each metric made of it">
    <p class="note">{measured === undefined ? '' : aboutOf(measured)}</p>
    <Region id="metrics" label="Metrics of this session" class="tall">
      <Table head={HEAD} rows={measured === undefined ? [] : rowsOf(measured)} />
    </Region>
  </Section>
)

const rowsOf = (measured: Measured) => {
  const values = new Map(
    measured.answers.flatMap(({ answers }) =>
      answers.flatMap(({ rows }) => rows.flatMap((row) => row.values.map((value) => [value.metric, value] as const))),
    ),
  )
  return measured.definitions.map((definition) => metricRow(measured, definition, values.get(definition.id)))
}

function aboutOf({ answers, isOpen }: Measured): string {
  const rows = answers.flatMap(({ answers: all }) => all.flatMap(({ rows: own }) => own))
  const completeness = rows.find((row) => row.completeness !== null)?.completeness ?? null
  return `Completeness ${percent(completeness)}; “low to high” is what lost telemetry leaves open. A metric leads to its number in the list of sessions.${isOpen ? ' The session goes on: figures follow its records within seconds.' : ''}`
}
