import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MetricsRow } from '../shell/answers.ts'
import { missingWords, mostMissing } from './words.ts'
import { COUNTRIES, countryName, tilesOf } from './world.ts'

const row = (completeness: number | null, hidden_ms: number, low: number, high: number): MetricsRow => ({
  dimensions: {},
  period: 0,
  at: 0,
  sessions: 310,
  completeness,
  hidden_ms,
  values: [{ metric: '', value: 0.01, low, high, numerator: 1, denominator: 100 }],
})

describe('countries as tiles', () => {
  it('stand each once, and have a name', () => {
    assert.equal(new Set(COUNTRIES).size, COUNTRIES.length)
    assert.deepEqual(
      COUNTRIES.filter((code) => countryName(code) === code),
      [],
    )
    assert.equal(countryName(''), 'unknown')
    assert.equal(countryName('mars'), 'mars')
  })

  it('keep north over south and west before east, and leave out what is empty', () => {
    const place = new Map(
      tilesOf(['BR', 'DE', 'US', 'ZA', 'FR']).map(({ country, row, column }) => [country, [column, row]]),
    )
    assert.deepEqual(Object.fromEntries(place), { US: [0, 0], DE: [3, 0], FR: [2, 1], BR: [1, 2], ZA: [4, 3] })
  })

  it('never share a place, in the order of reading; what is no country comes below', () => {
    const tiles = tilesOf([...COUNTRIES, '', 'ZZ'])
    assert.equal(new Set(tiles.map(({ row, column }) => `${row} ${column}`)).size, COUNTRIES.length + 2)
    assert.deepEqual(
      tiles.slice(-2).map(({ country }) => country),
      ['', 'ZZ'],
    )
    assert.deepEqual(
      tiles.map(({ row, column }) => row * 100 + column),
      tiles.map(({ row, column }) => row * 100 + column).sort((a, b) => a - b),
    )
  })
})

describe('missing telemetry', () => {
  it('is said in a sentence, with what it leaves open', () => {
    assert.equal(
      missingWords(row(1, 0, 0.01, 0.01)),
      '100.0 % of the records that players sent arrived. Rebuffering of what is known is 1.00 %.',
    )
    assert.equal(
      missingWords(row(0.98, 90_000, 0.009, 0.03)),
      '98.0 % of the records that players sent arrived; 90 s of 310 sessions are not told. Rebuffering of what is known is 1.00 %; with what is missing it can be 0.90 % to 3.00 %.',
    )
    assert.match(missingWords(row(null, 0, 0, 0)), /^no data/)
    assert.match(missingWords(undefined), /^no data/)
  })

  it('is listed where most is missing first', () => {
    const [whole, late, most] = [row(1, 0, 0, 0), row(0.9, 0, 0, 0), row(0.99, 5_000, 0, 0)]
    assert.deepEqual(mostMissing([whole, late, most]), [most, late, whole])
  })
})
