import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clockTime } from '../shell/format.ts'
import { headline } from './headline.ts'
import { merge, worstFirst, type Frame, type GroupMetrics, type Metrics, type Minute } from './view.ts'
import { leftOutWords } from './words.ts'

const MINUTE_MS = 60_000
const T0 = Date.UTC(2026, 10, 23, 20)
const NOTHING: Metrics = {
  attempts: 0,
  plays: 0,
  'concurrent_plays:active_minute': 0,
  ebvs: 0,
  vsf: 0,
  'startup:cta2066': { plays: 0, p50_ms: null, p95_ms: null },
  'rebuffer_ratio:cta2066': null,
  'average_bitrate:cta2066': null,
  errors: { technical: 0, business: 0, fatal: 0 },
  stall_ms: 0,
  watched_ms: 0,
  media_ms: 0,
  bits_played: 0,
  unknown: 0,
}
const figures = (plays: number, ratio: number | null): Metrics => ({
  ...NOTHING,
  'concurrent_plays:active_minute': plays,
  'rebuffer_ratio:cta2066': ratio,
})
const place = (country: string, plays: number, ratio: number | null): GroupMetrics => ({
  ...figures(plays, ratio),
  country,
  oca: 'oca-1',
})
const minute = (index: number, total: Metrics, groups: readonly GroupMetrics[] = []): Minute => ({
  minute: T0 + index * MINUTE_MS,
  partial: false,
  total,
  groups,
  other_groups: 0,
})
const frameOf = (...minutes: readonly Minute[]): Frame => ({
  clock: 'world',
  group: 'country_oca',
  definitions: {},
  as_of: { watermark: 0, received: 0, computed: 0, landed: [] },
  left_out: { values: {}, sessions: 0, records: 0 },
  minutes,
})

describe('the headline', () => {
  it('says that nobody plays', () => {
    assert.equal(headline(frameOf(), ''), 'Nobody plays on the clock “world”')
    assert.equal(headline(frameOf(minute(0, NOTHING)), 'DE'), 'Nobody plays in DE on the clock “world”')
  })

  it('says that all is well, with what shows it', () => {
    const total = { ...figures(1_240, 0.0031), 'startup:cta2066': { plays: 40, p50_ms: 1_200, p95_ms: 3_000 } }
    assert.equal(
      headline(frameOf(minute(0, total)), ''),
      '1,240 plays run well: rebuffering 0.31 %, median start-up 1.20 s',
    )
  })

  it('names the worst place, and since when it has been bad without a break', () => {
    const bad = (index: number, ratio: number): Minute =>
      minute(index, figures(300, 0.03), [place('DE', 100, 0.001), place('BR', 100, ratio)])
    assert.equal(
      headline(frameOf(bad(0, 0.09), bad(1, 0.001), bad(2, 0.05), bad(3, 0.112)), ''),
      `BR on oca-1 stalls 11.2 % of watched time since ${clockTime(T0 + 2 * MINUTE_MS)}; 300 plays, 3.00 % in all`,
    )
    assert.equal(
      headline(frameOf(bad(0, 0.001), bad(1, 0.112)), ''),
      'BR on oca-1 stalls 11.2 % of watched time; 300 plays, 3.00 % in all',
    )
    assert.equal(
      headline(frameOf(bad(0, 0.09), bad(1, 0.112)), ''),
      'BR on oca-1 stalls 11.2 % of watched time, for all of 2 minutes; 300 plays, 3.00 % in all',
    )
  })

  it('names no place where too few play to tell', () => {
    assert.equal(
      headline(frameOf(minute(0, figures(90, 0.015), [place('BR', 24, 0.3)])), ''),
      '90 plays, rebuffering 1.50 %',
    )
  })

  it('says first that starts fail', () => {
    assert.equal(
      headline(frameOf(minute(0, { ...figures(90, 0.001), attempts: 50, vsf: 6 })), ''),
      '12.0 % of starts fail; 90 plays, rebuffering 0.10 %',
    )
    assert.equal(
      headline(frameOf(minute(0, { ...figures(90, 0.001), attempts: 24, vsf: 6 })), ''),
      '90 plays run well: rebuffering 0.10 %',
    )
  })
})

describe('what is shown', () => {
  it('lists the worst first, those with few plays after them, those without watched time last', () => {
    const rows = [
      place('A', 30, 0.01),
      place('B', 3, 0.9),
      place('C', 40, 0.02),
      place('D', 30, null),
      place('E', 3, null),
    ]
    assert.deepEqual(
      worstFirst(minute(0, NOTHING, rows)).map(({ country }) => country),
      ['C', 'A', 'D', 'B', 'E'],
    )
  })

  it('takes changed minutes in their places, and lets the oldest go', () => {
    const [one, two, changed, three] = [
      minute(0, figures(1, 0)),
      minute(1, figures(2, 0)),
      minute(1, figures(5, 0)),
      minute(2, figures(3, 0)),
    ]
    const merged = merge({ ...frameOf(one, two), definitions: { x: 'y' } }, frameOf(three, changed), 2)
    assert.deepEqual(merged.minutes, [changed, three])
    assert.deepEqual(merged.definitions, { x: 'y' })
  })
})

describe('what the live view leaves out', () => {
  it('is told with its numbers, and not mentioned when there is none', () => {
    assert.equal(leftOutWords(frameOf(minute(0, NOTHING))), '')
    const frame = {
      ...frameOf({ ...minute(0, NOTHING), other_groups: 700 }),
      left_out: { values: { oca: 99_950, asn: 3, country: 0 }, sessions: 1_200, records: 0 },
    }
    assert.equal(
      leftOutWords(frame),
      'More names than the live view holds: 3 networks, 100.0 k OCAs are summed as “(others)”. 700 small places of a minute are summed as “(others)”. About 1,200 sessions are too many to follow: their later records are missing.',
    )
  })
})
