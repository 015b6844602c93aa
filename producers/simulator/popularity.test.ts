import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../platform/random.ts'
import { DAY_MS } from '../../platform/time.ts'
import { catalogue } from './catalogue.ts'
import { byShare, COUNTRIES } from './geography.ts'
import { readMovies } from './movies.ts'
import { launchCurve, skewedShares } from './popularity.ts'
import { createScene } from './scene.ts'
import { meanWatchMs, watchMs } from './taste.ts'
import { visitor } from './events.ts'
import { planVisit } from './visit.ts'

const liveFrom = Date.UTC(2026, 10, 20)
const scene = createScene({ seed: 11, movies: readMovies(), liveFrom, households: 4_000 })

/** Hours by country and film of many visits, spread over the past. */
function watchedHours(visits: number): Float64Array[] {
  const random = seeded('visits')
  const hours = COUNTRIES.map(() => new Float64Array(scene.films.length))
  for (let i = 0; i < visits; i++) {
    const at = scene.from + random.below(28 * DAY_MS)
    const country = byShare(COUNTRIES, random.next())
    const household = scene.population.draw(country, random)
    const who = visitor(
      household,
      household.profiles[random.below(household.profiles.length)]!,
      household.devices[0]!,
      at,
      liveFrom,
      random,
    )
    const planned = planVisit(scene, who, at, undefined, random)
    assert.ok(!(planned instanceof Promise) && planned.visit !== undefined)
    const { visit } = planned
    hours[country]![visit.film]! += watchMs(scene.films[visit.film]!.runtimeMs, random)
  }
  return hours
}

describe('popularity, in hours that visits led to', () => {
  const hours = watchedHours(250_000)

  it('has the published skew: the top 1, 5, 10, 20 % of films hold 24.5, 53, 69, 84 % of hours, within 2 points', () => {
    const sum = hours[0]!
      .map((_, film) => hours.reduce((total, row) => total + row[film]!, 0))
      .sort()
      .reverse()
    const total = sum.reduce((a, b) => a + b)
    for (const [top, share] of [
      [0.01, 0.245],
      [0.05, 0.53],
      [0.1, 0.69],
      [0.2, 0.84],
    ] as const) {
      const held = sum.slice(0, Math.round(top * sum.length)).reduce((a, b) => a + b) / total
      assert.ok(Math.abs(held - share) < 0.02, `top ${top * 100} %: ${(held * 100).toFixed(1)} % of hours`)
    }
  })

  it('differs between countries: lists of 20 share 0.29 on average (Jaccard), within 0.06', () => {
    const lists = hours.map((row) => new Set([...row.keys()].sort((a, b) => row[b]! - row[a]!).slice(0, 20)))
    const pairs = lists.flatMap((a, i) =>
      lists.slice(0, i).map((b) => {
        const both = a.intersection(b).size
        return both / (40 - both)
      }),
    )
    const mean = pairs.reduce((x, y) => x + y) / pairs.length
    assert.ok(Math.abs(mean - 0.29) < 0.06, mean.toFixed(3))
  })
})

describe('launches', () => {
  it('rise on their day, higher with marketing, and fade to a part that stays', () => {
    assert.equal(launchCurve(-0.01, 500), 0)
    assert.ok(launchCurve(0, 900) > launchCurve(0, 100) && launchCurve(0, 100) > launchCurve(7, 100))
    assert.ok(Math.abs(launchCurve(200, 900) - 0.1) < 1e-6)
  })

  it('are never shown before their day', () => {
    for (const { film, at } of scene.popularity.launches) {
      assert.ok(!scene.popularity.launched(0, at - 3_600_000).films.includes(film))
      assert.ok(scene.popularity.launched(0, at + 3_600_000).films.includes(film))
    }
  })
})

describe('the parts', () => {
  it('skewedShares sums to 1 and never rises with the rank', () => {
    const shares = skewedShares(3_201)
    assert.ok(Math.abs(shares.reduce((a, b) => a + b) - 1) < 1e-9)
    assert.ok(shares.every((share, i) => i === 0 || share <= shares[i - 1]!))
  })

  it('draws films with the probability that it tells', () => {
    const random = seeded('draws')
    const taste = Float64Array.from({ length: 12 }, (_, i) => 1 + (i % 3))
    const told = new Map<number, { count: number; propensity: number }>()
    const draws = 200_000
    for (let i = 0; i < draws; i++) {
      const { film, propensity } = scene.chooser.personal(0, taste, random)
      const before = told.get(film)
      if (before !== undefined) assert.ok(Math.abs(before.propensity - propensity) < 1e-12)
      told.set(film, { count: (before?.count ?? 0) + 1, propensity })
    }
    for (const { count, propensity } of [...told.values()].sort((a, b) => b.count - a.count).slice(0, 50)) {
      assert.ok(
        Math.abs(count - draws * propensity) < 5 * Math.sqrt(draws * propensity),
        `${count} for ${draws * propensity}`,
      )
    }
  })

  it('watches as long as it expects to, on average', () => {
    const random = seeded('watch')
    const mean = Array.from({ length: 50_000 }, () => watchMs(6_600_000, random)).reduce((a, b) => a + b) / 50_000
    assert.ok(Math.abs(mean / meanWatchMs(6_600_000) - 1) < 0.02)
  })

  it('fills the gaps of the catalogue from the row alone', () => {
    const films = catalogue(readMovies())
    assert.equal(films.length, 3_201)
    assert.equal(new Set(films.map(({ id }) => id)).size, 3_201)
    for (const { name, year, genres, maturity, runtimeMs } of films) {
      assert.ok(
        name !== '' && genres.length > 0 && maturity !== '' && runtimeMs > 40 * 60_000 && runtimeMs < 4 * 3_600_000,
      )
      assert.ok(year === null || (year >= 1911 && year <= 2011), String(year))
    }
  })
})
