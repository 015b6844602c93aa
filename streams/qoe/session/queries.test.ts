import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { playAll } from '../../../producers/player/index.ts'
import { anySetup, START } from '../../../producers/player/testing.ts'
import { METRICS } from '../metrics.ts'
import { landRecords, settle } from './fixture.ts'
import { byTime } from './queries.ts'
import type { TelemetryRecord } from './record.ts'
import { SCOPE, metric, store, sessions, records, useSessions, ask, only, sum } from './testing-questions.ts'

describe('questions about sessions', () => {
  useSessions()

  it('are answered of every metric there is, from the sums of the sessions', async () => {
    for (const own of byTime(METRICS)) {
      const [row] = await ask({ metrics: own, quantiles: [0.5, 0.95], histogram: true })
      assert.equal(row!.sessions, sessions.length)
      for (const { metric: id, value, low, high, denominator } of row!.values) {
        if (denominator === 0) continue
        assert.ok(value !== null && Number.isFinite(value), id)
        assert.ok(
          low === null ? metric(id).loss === 'net' : high === null || low <= high + 1e-9,
          `${id}: ${low} to ${high}`,
        )
      }
    }
    const ratio = only(await ask({ metrics: [metric('rebuffer_ratio:cta2066')] }))
    assert.deepEqual(
      [ratio.numerator, ratio.denominator],
      [sum(sessions.map(({ numbers }) => numbers.stall_ms)), sum(sessions.map(({ numbers }) => numbers.watched_ms))],
    )
    const startup = only(await ask({ metrics: [metric('startup.mean:cta2066')] }))
    const started = sessions.filter(({ numbers }) => numbers.startup_ms >= 0).map(({ numbers }) => numbers.startup_ms)
    assert.deepEqual([startup.numerator, startup.denominator], [sum(started), started.length])
  })

  it('keep what Media3 promises: the wait ratio is the sum of its three parts', async () => {
    const [row] = await ask({
      metrics: ['wait_ratio:media3', 'join_ratio:media3', 'rebuffer_ratio:media3', 'seek_ratio:media3'].map(metric),
    })
    const [wait, ...parts] = row!.values.map(({ numerator }) => numerator)
    assert.equal(wait, sum(parts))
  })

  it('have cells that sum to the whole, by what is constant in a session and by what is not', async () => {
    for (const own of byTime(METRICS)) {
      const [whole] = await ask({ metrics: own })
      for (const dimension of ['country', 'oca', 'asn'] as const) {
        const cells = await ask({ metrics: own, groupBy: [dimension] })
        for (const [i, { metric: id, numerator, denominator }] of whole!.values.entries()) {
          assert.equal(sum(cells.map(({ values }) => values[i]!.numerator)), numerator, `${id} by ${dimension}`)
          assert.equal(sum(cells.map(({ values }) => values[i]!.denominator)), denominator, `${id} by ${dimension}`)
        }
        assert.equal(sum(cells.map(({ hidden_ms: hidden }) => hidden)), whole!.hidden_ms, dimension)
      }
    }
  })

  it('bound what lost telemetry hides: the truth lies between low and high', async () => {
    const whole = fc.sample(anySetup, { numRuns: 120, seed: 7 }).map((any) => playAll(any).totals)
    const stalls = sum(whole.map((totals) => totals.stallConnectionMs + totals.stallDecoderMs + totals.stallAdMs))
    const ratio = only(await ask({ metrics: [metric('rebuffer_ratio:cta2066')] }))
    const truth = stalls / sum(whole.map(({ watchedTimeMs }) => watchedTimeMs))
    assert.ok(ratio.low! <= truth && truth <= ratio.high!, `${ratio.low} <= ${truth} <= ${ratio.high}`)
    const [row] = await ask({ metrics: [metric('attempts:playloop')] })
    assert.ok(row!.completeness! < 1 && row!.completeness! > 0.9)
  })

  it('have of plain CMCD what its timeline gives, and bounds alone of the rest', async () => {
    const filters = { source: ['cmcd'] }
    const bitrate = only(await ask({ metrics: [metric('average_bitrate:cta2066')], filters }))
    assert.equal(bitrate.value, null)
    const ratio = only(await ask({ metrics: [metric('rebuffer_ratio:cta2066')], filters }))
    assert.ok(ratio.low! <= ratio.value! && ratio.value! <= ratio.high! && ratio.high! < 1)
    const startup = only(await ask({ metrics: [metric('startup.mean:cta2066')], filters }))
    assert.ok(startup.value! > 0)
  })

  it('have quantiles within half a percent, of any values', async () => {
    const [row] = await ask({
      metrics: [metric('startup.mean:cta2066')],
      quantiles: [0.1, 0.5, 0.9, 1],
      histogram: true,
    })
    const started = sessions
      .filter(({ numbers }) => numbers.play === 1)
      .map(({ numbers }) => numbers.startup_ms)
      .sort((a, b) => a - b)
    for (const [i, p] of [0.1, 0.5, 0.9, 1].entries()) {
      const [seen, true_] = [row!.values[0]!.quantiles![i]!, started[Math.ceil(p * started.length) - 1]!]
      assert.ok(Math.abs(seen - true_) <= Math.max(1, true_ * 0.005), `p${p}: ${seen} of ${true_}`)
    }
    assert.equal(sum(row!.values[0]!.histogram!.map(([, count]) => count)), started.length)
  })

  it('sort cells by what they cost the whole, and compare periods and intervals', async () => {
    const metrics = [metric('rebuffer_ratio:cta2066')]
    const cells = await ask({ metrics, groupBy: ['country'], sort: 'negative_impact' })
    const [n, d] = [
      sum(cells.map(({ values }) => values[0]!.numerator)),
      sum(cells.map(({ values }) => values[0]!.denominator)),
    ]
    const impacts = cells.map(({ values }) => values[0]!.numerator - (values[0]!.denominator * n) / d)
    assert.deepEqual(
      impacts,
      impacts.toSorted((a, b) => b - a),
    )
    assert.equal((await ask({ metrics, groupBy: ['country'], limit: 2 })).length, 2)
    const halves = await ask({ metrics, from: START - 10_000, to: START, compare: { from: START, to: START + 10_000 } })
    assert.equal(sum(halves.map(({ values }) => values[0]!.denominator)), d)
    assert.deepEqual(new Set(halves.map(({ period }) => period)), new Set([0, 1]))
    const steps = await ask({ metrics, interval: 1_000 })
    assert.equal(sum(steps.map(({ values }) => values[0]!.denominator)), d)
    assert.ok(steps.length > 5 && steps.every(({ at }) => (at - SCOPE.from) % 1_000 === 0))
  })

  it('score as Mux publishes it', async () => {
    const at = async (parts: Partial<TelemetryRecord>): Promise<(number | null)[]> => {
      const clock = `replay:score-${scores++}`
      await landRecords(
        store,
        [
          {
            clock,
            session_id: 'x',
            instance: START,
            segment: 0,
            seq: 0,
            event_time: START + 1,
            session_start: START,
            segment_start: START,
            event: 'ps',
            state: 'q',
            ...parts,
          },
        ],
        { offset: records.length + scores },
      )
      await settle(store)
      const [row] = await ask({
        clock,
        metrics: [
          'playback_success_score:mux',
          'startup_score:mux',
          'smoothness_score:mux',
          'video_quality_score:mux',
        ].map(metric),
      })
      return row!.values.map(({ value }) => (value === null ? null : Math.round(value * 10) / 10))
    }
    let scores = 0
    assert.deepEqual(
      await at({ startup_ms: 400, starting_ms: 400, playing_ms: 100_000, media_ms: 100_000 }),
      [100, 95.2, 100, 100],
    )
    assert.deepEqual(
      await at({
        startup_ms: 8_000,
        starting_ms: 8_000,
        playing_ms: 82_000,
        stall_connection_ms: 10_000,
        stall_connection_count: 2,
        media_ms: 82_000,
        upscale_permille_ms: 41_000_000,
        upscale_max_permille: 500,
      }),
      [100, 50, 53.7, 84.8],
    )
    assert.deepEqual(await at({ starting_ms: 5_000 }), [50, null, null, null])
    assert.deepEqual(await at({ starting_ms: 500 }), [null, null, null, null])
    assert.deepEqual(await at({ starting_ms: 500, state: 'f', errors_fatal: 1, errors_technical: 1 }), [
      0,
      null,
      null,
      null,
    ])
  })
})
