import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MetricsRow } from './answer.ts'
import { LEFT_MS } from './presence.ts'
import type { TelemetryRecord } from './record.ts'
import { IDLE_MS } from './rules.ts'
import { T0, HOUR_MS, own, useStore, landed, ask } from './testing-concurrency.ts'

describe('how many are there at once', () => {
  useStore()

  /** Second of the interval, peak, average. */
  const shown = (rows: readonly MetricsRow[], period = 0): (number | null)[][] =>
    rows
      .filter((row) => row.period === period)
      .map(({ at, values }) => [
        (at - T0) / 1_000,
        ...values.map(({ value }) => (value === null ? null : Math.round(value * 1_000) / 1_000)),
      ])

  /** A session of the states [seconds after T0, state]; it is over with 'q', 'e' or 'f'. */
  const playing = (
    id: string,
    states: readonly (readonly [number, string])[],
    parts: Partial<TelemetryRecord> = {},
  ): TelemetryRecord[] => {
    const spent = { starting_ms: 0, playing_ms: 0, stall_connection_ms: 0, paused_ms: 0 }
    const start = T0 + states[0]![0] * 1_000
    const names: Readonly<Record<string, keyof typeof spent>> = {
      s: 'starting_ms',
      p: 'playing_ms',
      r: 'stall_connection_ms',
      a: 'paused_ms',
    }
    return states.map(([at, state], seq) => {
      const [since, was] = states[seq - 1] ?? [at, 's']
      spent[names[was]!] += (at - since) * 1_000
      const shown = states.slice(0, seq + 1).find(([, each]) => each === 'p')
      return {
        clock: '',
        session_id: id,
        instance: start,
        segment: 0,
        seq,
        event_time: T0 + at * 1_000,
        session_start: start,
        segment_start: start,
        event: 'ps',
        state,
        ...spent,
        ...(shown === undefined ? {} : { startup_ms: T0 + shown[0] * 1_000 - start }),
        ...parts,
      }
    })
  }

  it('counts two that overlap, the peak reached in the middle of an interval, and mean over its length', async () => {
    const clock = await landed([
      ...playing(
        'a',
        [
          [0, 's'],
          [2, 'p'],
          [100, 'q'],
        ],
        { country: 'DE' },
      ),
      ...playing(
        'b',
        [
          [68, 's'],
          [70, 'p'],
          [90, 'q'],
        ],
        { country: 'FR' },
      ),
    ])
    const question = { clock, from: T0, to: T0 + 180_000, interval: 60_000 }
    assert.deepEqual(shown(await ask({ ...question, metrics: own('conviva') })), [
      [0, 1, 0.967],
      [60, 2, 1],
    ])
    assert.deepEqual(
      shown(await ask({ ...question, metrics: own('playloop') })),
      [
        [0, 1, 1],
        [60, 2, 1.033],
      ],
      'from the request on',
    )
    const [whole] = await ask({ ...question, interval: 180_000, metrics: own('conviva') })
    assert.deepEqual(
      [
        whole!.sessions,
        whole!.values[0]!.value,
        whole!.values[1]!.numerator,
        whole!.values[1]!.denominator,
        whole!.completeness,
      ],
      [2, 2, 118_000, 180_000, 1],
    )
    const parted = await ask({ ...question, metrics: own('conviva'), groupBy: ['country'] })
    assert.deepEqual(
      parted.map(({ dimensions, values }) => [dimensions['country'], values[0]!.value, values[1]!.numerator]),
      [
        ['DE', 1, 58_000],
        ['DE', 1, 40_000],
        ['FR', 1, 20_000],
      ],
    )
    assert.deepEqual(shown(await ask({ ...question, metrics: own('conviva'), filters: { country: ['FR'] } })), [
      [60, 1, 0.333],
    ])
  })

  it('leaves out who paused by the rule of Mux, and nobody by that of Conviva', async () => {
    const clock = await landed(
      playing('a', [
        [0, 's'],
        [2, 'p'],
        [60, 'a'],
        [120, 'a'],
        [180, 'p'],
        [240, 'q'],
      ]),
    )
    const question = { clock, from: T0, to: T0 + 300_000, interval: 60_000 }
    assert.deepEqual(shown(await ask({ ...question, metrics: own('conviva') })), [
      [0, 1, 0.967],
      [60, 1, 1],
      [120, 1, 1],
      [180, 1, 1],
    ])
    assert.deepEqual(
      shown(await ask({ ...question, metrics: own('mux') })),
      [
        [0, 1, 1],
        [60, 0, 0],
        [120, 0, 0],
        [180, 1, 1],
      ].filter(([, peak]) => peak! > 0),
    )
  })

  it('leaves out who stalls for more than five minutes, by the rule of Mux', async () => {
    const beats = Array.from({ length: 9 }, (_, i) => [60 + i * 60, 'r'] as const)
    const clock = await landed(playing('a', [[0, 's'], [2, 'p'], ...beats, [600, 'p'], [660, 'q']]))
    const rows = await ask({ clock, from: T0, to: T0 + 660_000, interval: 60_000, metrics: own('mux') })
    assert.deepEqual(
      shown(rows).map(([at]) => at),
      [0, 60, 120, 180, 240, 300, 600],
    )
  })

  it('puts who leaves at an edge before it and who comes at it after it: nobody is there twice', async () => {
    const clock = await landed([
      ...playing('a', [
        [0, 's'],
        [0, 'p'],
        [60, 'q'],
      ]),
      ...playing('b', [
        [60, 's'],
        [60, 'p'],
        [120, 'q'],
      ]),
    ])
    for (const rule of ['conviva', 'playloop', 'mux'] as const) {
      assert.deepEqual(
        shown(await ask({ clock, from: T0, to: T0 + 180_000, interval: 60_000, metrics: own(rule) })),
        [
          [0, 1, 1],
          [60, 1, 1],
        ],
        rule,
      )
    }
  })

  it('takes who is silent for there for 30 s; at least with the last record gone, at most there for half an hour', async () => {
    const clock = await landed(
      playing('a', [
        [0, 's'],
        [0, 'p'],
        [60, 'p'],
      ]),
    )
    for (const rule of ['conviva', 'playloop', 'mux'] as const) {
      const [row] = await ask({ clock, from: T0, to: T0 + HOUR_MS, metrics: own(rule) })
      assert.deepEqual(
        row!.values.map(({ low, value, high }) => [low, value, high]),
        [[1, 1, 1], [60_000, 60_000 + LEFT_MS, 60_000 + IDLE_MS].map((ms) => ms / HOUR_MS)],
        rule,
      )
      const [young] = await ask({ clock, from: T0, to: T0 + HOUR_MS, now: T0 + 70_000, metrics: own(rule) })
      assert.deepEqual(
        young!.values.map(({ value }) => value),
        [1, 1],
        `${rule}: the interval ends now`,
      )
    }
  })

  it('compares with another period, and sorts cells by how many', async () => {
    const clock = await landed(
      ['a', 'b', 'c'].flatMap((id, i) => [
        ...playing(
          id,
          [
            [0, 's'],
            [0, 'p'],
            [60, 'q'],
          ],
          { device: i === 0 ? 'tv' : 'phone' },
        ),
        ...(i === 0
          ? playing(
              'd',
              [
                [600, 's'],
                [600, 'p'],
                [630, 'q'],
              ],
              { device: 'tv' },
            )
          : []),
      ]),
    )
    const rows = await ask({
      clock,
      from: T0 + 600_000,
      to: T0 + 660_000,
      compare: { from: T0, to: T0 + 60_000 },
      interval: 30_000,
      metrics: own('conviva'),
    })
    assert.deepEqual(
      [shown(rows, 0), shown(rows, 1)],
      [
        [[600, 1, 1]],
        [
          [0, 3, 3],
          [30, 3, 3],
        ],
      ],
    )
    const cells = await ask({ clock, from: T0, to: T0 + 60_000, groupBy: ['device'], metrics: own('conviva') })
    assert.deepEqual(
      cells.map(({ dimensions, values }) => [dimensions['device'], values[0]!.value]),
      [
        ['phone', 2],
        ['tv', 1],
      ],
    )
  })
})
