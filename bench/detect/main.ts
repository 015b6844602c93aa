/**
 * `playloop bench detect [--seeds N] [--first N] [--days N] [--visits N] [--generated-days N]`: planted faults in the
 * simulated world, one a seed,
 * and days without any; recall, right causes, delay and false incidents a day, each beside its bar.
 */
import { parseArgs } from 'node:util'
import { faultOf, type FaultResult } from './faults.ts'
import { generatedDays, quietDays } from './quiet.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '30' },
    first: { type: 'string', default: '1' },
    days: { type: 'string', default: '5' },
    visits: { type: 'string', default: '150000' },
    'generated-days': { type: 'string', default: '5' },
  },
})
const [seeds, first, days, visits] = [values.seeds, values.first, values.days, values.visits].map(Number) as [
  number,
  number,
  number,
  number,
]

/** A minute; the night has a quarter of it, the evening two and a quarter times as many. */
const GENERATED_ATTEMPTS = 1_000
const generated = Number(values['generated-days'])
const results: FaultResult[] = []
for (let seed = first; seed < first + seeds; seed++) {
  const result = faultOf(seed)
  results.push(result)
  process.stderr.write(
    `seed ${seed} ${result.fault}: ${result.attemptsPerMinute} attempts/min, ${result.found ? `found "${result.cause}" after ${result.delayS} s (${result.afterExcessS} s after the first excess), then "${result.later}"` : 'MISSED'}${result.before > 0 ? `, ${result.before} before it` : ''}${result.besides.map((title) => `, besides ${title}`).join('')}\n`,
  )
}
if (results.length > 0) report(results)
if (days > 0) {
  const { incidents, attemptsPerMinute } = quietDays({ seed: first, days, sessionsPerDay: visits })
  process.stdout.write(
    `${JSON.stringify({ bench: 'detect', what: 'quiet days with an evening peak and a roll-out', days, attemptsPerMinute, falseIncidentsPerDay: round(incidents.length / days), bar: 1 })}\n`,
  )
}

if (generated > 0) {
  const incidents = generatedDays({ seed: first, days: generated, attempts: GENERATED_ATTEMPTS })
  for (const each of incidents) process.stderr.write(`false: ${each}\n`)
  process.stdout.write(
    `${JSON.stringify({ bench: 'detect', what: 'quiet days on generated cells', days: generated, attemptsPerMinute: GENERATED_ATTEMPTS, falseIncidentsPerDay: round(incidents.length / generated), bar: 1 })}\n`,
  )
}

function report(all: readonly FaultResult[]): void {
  const found = all.filter((each) => each.found)
  const delays = found.map(({ delayS }) => delayS).sort((a, b) => a - b)
  const afterExcess = found.map(({ afterExcessS }) => afterExcessS).sort((a, b) => a - b)
  const at = (sorted: readonly number[], p: number): number | null =>
    sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null
  process.stdout.write(
    `${JSON.stringify({
      bench: 'detect',
      what: 'planted faults',
      faults: all.length,
      leastAttemptsPerMinute: Math.min(...all.map(({ attemptsPerMinute }) => attemptsPerMinute)),
      recall: { seen: round(found.length / all.length), bar: 0.95 },
      rightCauseFirst: {
        seen: round(all.filter(({ right }) => right).length / all.length),
        bar: 0.9,
        later: round(all.filter(({ rightLater }) => rightLater).length / all.length),
      },
      delayFromStartS: { p50: at(delays, 0.5), p90: at(delays, 0.9), max: at(delays, 1) },
      delayFromFirstExcessS: { p50: at(afterExcess, 0.5), p90: at(afterExcess, 0.9), max: at(afterExcess, 1), bar: 60 },
      otherIncidents: all.reduce((sum, { before, besides }) => sum + before + besides.length, 0),
    })}\n`,
  )
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
