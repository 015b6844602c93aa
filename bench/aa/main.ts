/**
 * `playloop eval aa [--runs N] [--power-runs N] [--units N] [--seed N] [--only METRIC,METRIC] [--json]`: experiments
 * that change nothing, drawn again and again from units whose
 * events went through the tables and jobs. How often something is found all the same, at any of 220 looks; whether a
 * planted change is covered; how often one that theory would find is found; and what plain p-values would have said.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { createWorkers } from '../../platform/workers/index.ts'
import { SETTINGS, type Row } from './plan.ts'
import { makePopulation } from './population.ts'
import type { AaTask } from './worker.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    'power-runs': { type: 'string', default: '200' },
    units: { type: 'string', default: '40000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const tell = (text: string): void => void process.stderr.write(`${text}\n`)
const effort = { runs: Number(values.runs), powerRuns: Number(values['power-runs']), seed: Number(values.seed) }
const population = await makePopulation(Number(values.units), effort.seed, tell)
const work = population.metrics.flatMap(({ metric: { id } }, metric) =>
  values.only === undefined || values.only.split(',').includes(id)
    ? SETTINGS.map((setting) => ({ metric, setting }))
    : [],
)
const rows: Row[] = []

const workers = createWorkers<AaTask, Row>({
  script: new URL('./worker.ts', import.meta.url),
  size: availableParallelism(),
  data: { population, effort },
})
await Promise.all(
  work.map(async (task) => {
    const row = await workers.run(task)
    rows.push(row)
    tell(lineOf(row))
  }),
)
await workers.stop()

const BAR = { point: 0.065, alpha: 0.05, power: 0.72 }
const summary = {
  eval: 'aa',
  units: population.units,
  ...effort,
  looks: 220,
  settings: rows.length,
  worst: rows.reduce((worst, row) => Math.max(worst, row.falsePositives), 0),
  over: rows.filter(({ falsePositives, lower }) => falsePositives > BAR.point || lower > BAR.alpha).map(lineOf),
  leastCoverage: rows.reduce((least, row) => Math.min(least, row.coverage), 1),
  peeked: [Math.min(...rows.map(({ peeked }) => peeked)), Math.max(...rows.map(({ peeked }) => peeked))],
  leastPower: rows.reduce((least, { power }) => Math.min(least, power ?? 1), 1),
  weak: rows.filter(({ power }) => power !== null && power < BAR.power).map(lineOf),
}
if (!values.json) {
  rows.sort((a, b) => (lineOf(a) < lineOf(b) ? -1 : 1))
  process.stdout.write(
    `| metric | split | enrolment | 5 % late | false positives | at least | peeked p | gate opened | covered, +5 % | power at N*, theory 0.8 |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n${rows
      .map(
        (row) =>
          `| ${row.metric} | ${row.split.map((share) => Math.round(share * 100)).join('/')} | ${row.enrolment} | ${row.late ? 'yes' : 'no'} | ${row.falsePositives.toFixed(3)} | ${row.lower.toFixed(3)} | ${row.peeked.toFixed(2)} | ${row.opened.toFixed(2)} | ${row.coverage.toFixed(3)} | ${row.power?.toFixed(2) ?? '—'} |`,
      )
      .join('\n')}\n`,
  )
}
process.stdout.write(`${JSON.stringify(summary)}\n`)

function lineOf({
  metric,
  split,
  enrolment,
  late,
  falsePositives,
  lower,
  peeked,
  opened,
  coverage,
  power,
}: Row): string {
  return `${metric.padEnd(10)} ${split
    .map((share) => Math.round(share * 100))
    .join('/')
    .padEnd(
      5,
    )} ${enrolment.padEnd(14)} ${late ? 'late' : '    '}  false ${falsePositives.toFixed(3)} (at least ${lower.toFixed(3)})  peeked ${peeked.toFixed(2)}  opened ${opened.toFixed(2)}  covered ${coverage.toFixed(3)}  power ${power?.toFixed(2) ?? '-'}`
}
