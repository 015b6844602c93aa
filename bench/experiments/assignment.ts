/**
 * What it costs to assign a unit. Half of the units fail the condition, as they would in a service that targets;
 * `admitted` are only those that pass it.
 */
import {
  assign,
  compileExperiment,
  compileFeatures,
  evaluateFeature,
  readExperiment,
  type Context,
} from '../../models/experiments/assign/index.ts'
import { hashOf } from '../../models/experiments/assign/hash.ts'

const [ROUNDS, SLICE_MS] = [15, 100]
const AIM_MICROS = 2
const UNITS = 4_096

const unitOf = (n: number, plan: string): Context => ({
  attributes: {
    id: `profile-${n}`,
    household: `household-${n >> 2}`,
    country: ['DE', 'FR', 'US', 'BR'][n & 3],
    plan,
    device: 'tv',
    appVersion: '4.2.1',
  },
})
const units = Array.from({ length: UNITS }, (_, n) => unitOf(n, n & 4 ? 'premium' : 'basic'))
const admitted = Array.from({ length: UNITS }, (_, n) => unitOf(n & ~3, 'premium'))

const base = {
  key: 'abr-ladder',
  seed: 'abr-ladder-1',
  variations: ['control', 'steeper', 'flatter'],
  weights: [0.5, 0.25, 0.25],
  coverage: 0.8,
  hashVersion: 2,
  condition: { country: { $in: ['DE', 'AT', 'CH', 'FR'] }, plan: 'premium' },
}
const layered = { ...base, namespace: ['playback', 0, 0.9] }
const filtered = {
  ...base,
  filters: [
    {
      seed: 'playback',
      attribute: 'household',
      ranges: [
        [0, 0.5],
        [0.6, 1],
      ],
    },
  ],
}
const [byNamespace, byFilter] = [layered, filtered].map((definition) => compileExperiment(readExperiment(definition)))
const rule = { ...filtered, namespace: layered.namespace }
const features = compileFeatures({
  features: {
    ladder: {
      defaultValue: 'control',
      rules: [
        { force: 'flatter', condition: { device: 'phone' } },
        { force: 'control', condition: { appVersion: { $vlt: '4.0.0' } } },
        rule,
      ],
    },
  },
})
const hash = hashOf('abr-ladder-1', 2)!

/** What was answered last: else the compiler might leave the work out. */
let last: unknown
const over = (given: readonly Context[], work: (unit: Context) => unknown) => () => {
  for (const unit of given) last = work(unit)
}
const WORK: Readonly<Record<string, () => void>> = {
  'hash alone, version 2': over(units, ({ attributes }) => hash(attributes!['id'] as string)),
  'two conditions, namespace': over(units, (unit) => assign(byNamespace!, unit)),
  'two conditions, namespace, admitted': over(admitted, (unit) => assign(byNamespace!, unit)),
  'two conditions, filter': over(units, (unit) => assign(byFilter!, unit)),
  'two conditions, filter, admitted': over(admitted, (unit) => assign(byFilter!, unit)),
  "as a feature's third rule, admitted": over(admitted, (unit) => evaluateFeature(features, 'ladder', unit)),
  'compiled anew, admitted': over(admitted, (unit) => assign(compileExperiment(readExperiment(filtered)), unit)),
}

/** µs of CPU an assignment: a machine that others use too stretches the wall clock, not this. */
function measure(work: () => void): number {
  const [start, before] = [performance.now(), process.cpuUsage()]
  let count = 0
  for (; performance.now() - start < SLICE_MS; count += UNITS) work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

export function assignment(): object {
  const seen = new Map(Object.keys(WORK).map((name) => [name, [] as number[]]))
  for (let round = -3; round < ROUNDS; round++) {
    for (const [name, work] of Object.entries(WORK)) {
      const micros = measure(work)
      if (round >= 0) seen.get(name)!.push(micros)
    }
  }
  if (last === undefined) throw new Error('nothing was assigned')
  return {
    aim_us: AIM_MICROS,
    us: Object.fromEntries(
      [...seen].map(([name, all]) => [name, Number(all.toSorted((a, b) => a - b)[all.length >> 1]!.toFixed(3))]),
    ),
  }
}
