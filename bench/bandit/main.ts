/**
 * `playloop bench bandit [--runs N] [--phases N] [--units N]`: do the intervals of arms hold the truth while weights
 * follow the results and means drift, and what is lost against the best arm, beside an even split in the same runs?
 */
import { parseArgs } from 'node:util'
import { seeded } from '../../platform/random.ts'
import { trial, type Trial, type World } from './trial.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    phases: { type: 'string', default: '24' },
    units: { type: 'string', default: '500' },
    arms: { type: 'string', default: '4' },
  },
})
const [runs, phases, unitsEach, arms] = [values.runs, values.phases, values.units, values.arms].map(Number) as [
  number,
  number,
  number,
  number,
]

const round = (value: number): number => Number(value.toFixed(4))

for (const drift of ['none', 'common', 'arms'] as const) {
  const world: World = { arms, phases, unitsEach, least: 0.05, drift }
  const trials: Trial[] = []
  for (let run = 0; run < runs; run++) trials.push(trial(world, seeded(`bandit ${drift} ${run}`)))
  const coverage = (of: (each: Trial) => readonly boolean[]): number => {
    const all = trials.flatMap(of)
    return round(all.filter(Boolean).length / all.length)
  }
  const mean = (of: (each: Trial) => number): number => round(trials.reduce((sum, each) => sum + of(each), 0) / runs)
  process.stdout.write(
    `${JSON.stringify({
      bench: 'bandit',
      drift,
      runs,
      unitsARun: phases * unitsEach,
      coverage: {
        atEveryLook: coverage(({ anytime }) => anytime),
        atTheEnd: coverage(({ end }) => end),
        weighedByPairs: coverage(({ pairs }) => pairs),
        pooled: coverage(({ pooled }) => pooled),
      },
      lostPerUnit: { bandit: mean(({ regret }) => regret), even: mean(({ even }) => even) },
    })}\n`,
  )
}
