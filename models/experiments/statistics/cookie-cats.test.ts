import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { normal } from '../distributions/index.ts'
import { absent, reference } from '../testing.ts'
import {
  anytime,
  countTest,
  effectOf,
  isComputed,
  momentsOf,
  pearsonTest,
  percentileOf,
  proportionOf,
  welch,
  winsorised,
  type Computed,
  type Histogram,
} from './index.ts'

const FILE = 'cookie-cats.csv.gz'

/** A real experiment with 90,189 players; expected values computed apart by SciPy. */
describe('a real experiment with a real mismatch and one absurd player', { skip: absent(FILE) }, () => {
  const rows = () =>
    gunzipSync(readFileSync(reference(FILE)))
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
  const arms = () => {
    const all = rows()
    return [
      all.filter(([, version]) => version === 'gate_30'),
      all.filter(([, version]) => version === 'gate_40'),
    ] as const
  }
  function known<T extends object>(value: Computed<T>): T {
    assert.ok(isComputed(value))
    return value
  }
  const near = (seen: number, wanted: number, error: number): void =>
    assert.ok(Math.abs(seen - wanted) <= error, `${seen}, wanted ${wanted}`)

  it('has more players in one arm than chance gives once, but not more than it gives at some time', () => {
    const counts = arms().map((arm) => arm.length)
    assert.deepEqual(counts, [44_700, 45_489])
    near(known(pearsonTest(counts, [1, 1])).p, 0.008608, 5e-7)
    near(known(countTest(counts, [1, 1], { k: 100 })).p, 0.959, 5e-4)
  })

  it('keeps fewer players a week, which N* decides whether one may say at any time', () => {
    const [control, treatment] = arms().map((arm) =>
      known(proportionOf(arm.length, arm.filter(([, , , , week]) => week?.trim().toLowerCase() === 'true').length)),
    )
    const effect = known(effectOf(control!, treatment!, 'absolute'))
    near(effect.effect, -0.0082013, 5e-8)
    const z = effect.effect / effect.se
    near(z, -3.16406, 5e-6)
    near(2 * normal.sf(Math.abs(z)), 0.00155583, 5e-9)
    assert.deepEqual(
      [5_000, 90_189].map((plannedUnits) => anytime(effect, { alpha: 0.05, plannedUnits }).p <= 0.05),
      [false, true],
    )
  })

  it('has nothing to say of rounds played, once the player with 49,854 counts as others do', () => {
    const histograms = arms().map((arm): Histogram => arm.map(([, , rounds]) => [Number(rounds), 1]))
    const [control, treatment] = histograms.map((histogram) => known(momentsOf(winsorised(histogram, Infinity))))
    near(welch(known(effectOf(control!, treatment!, 'absolute')), 0.05).p, 0.3759, 5e-5)
    const cap = known(percentileOf(histograms.flat(), 0.999)).value
    const [cappedControl, cappedTreatment] = histograms.map((histogram) => known(momentsOf(winsorised(histogram, cap))))
    near(welch(known(effectOf(cappedControl!, cappedTreatment!, 'absolute')), 0.05).p, 0.8834, 3e-3)
  })
})
