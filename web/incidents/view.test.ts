import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clockTime } from '../shell/format.ts'
import type { Incident } from './types.ts'
import { headline, inOrder, timesText } from './view.ts'

const T0 = Date.UTC(2026, 10, 23, 20)
const definitions = [
  {
    id: 'rebuffer_ratio:cta2066',
    title: 'Rebuffer ratio',
    definition: '',
    unit: 'ratio',
    scale: 1,
    better: 'lower',
    loss: '',
    distribution: false,
    source: '',
    population: 'session',
    booked_to: 'start',
    estimator: 'ratio',
    time: 'start',
  },
]
const incident = (id: string, state: Incident['state'], more: Partial<Incident> = {}): Incident => ({
  id,
  clock: 'world',
  state,
  title: '',
  kind: 'anomaly',
  metric: 'rebuffer_ratio:cta2066',
  metrics: [],
  rules: [],
  cause: { asn: '7', country: 'DE' },
  filters: ['asn:7', 'country:DE'],
  session_metric: 'rebuffer_ratio:cta2066',
  start: T0,
  found: T0 + 60_000,
  latest: T0 + 120_000,
  end: state === 'ended' ? T0 + 300_000 : null,
  affected_sessions: 3,
  peak: { at: T0, rate: 0.1, usual_rate: 0.01, unit: 'ratio' },
  acknowledged: null,
  muted: null,
  ...more,
})
const said = (incidents: readonly Incident[], watermark: number | null = T0, all = true): string =>
  headline({ clock: 'world', watermark, incidents }, definitions, all)

describe('incidents', () => {
  it('come in the order in which somebody should look at them', () => {
    const all = [
      incident('ended', 'ended', { found: T0 + 9e6 }),
      incident('muted', 'muted'),
      incident('old', 'open'),
      incident('new', 'open', { found: T0 + 90_000 }),
      incident('looked-after', 'acknowledged', { found: T0 + 95_000 }),
    ]
    assert.deepEqual(
      inOrder(all).map(({ id }) => id),
      ['new', 'old', 'looked-after', 'muted', 'ended'],
    )
  })

  it('are told in a sentence: what goes on, for whom, and whether anybody looks after it', () => {
    const what = `Rebuffer ratio: network (ASN) 7, country DE since ${clockTime(T0)}`
    assert.equal(said([incident('a', 'open')]), `One incident goes on, and nobody looks after it: ${what}`)
    assert.equal(
      said([incident('a', 'open'), incident('b', 'open')]),
      `2 incidents go on, and nobody looks after them: ${what}`,
    )
    assert.equal(
      said([incident('a', 'open'), incident('b', 'muted'), incident('c', 'ended')]),
      `2 incidents go on, 1 of them unattended: ${what}`,
    )
    assert.equal(said([incident('a', 'acknowledged')]), `One incident goes on, none waits: ${what}`)
    assert.match(said([incident('a', 'open', { filters: [] })]), /Rebuffer ratio: everybody/)
  })

  it('that are none, or over, are told as well', () => {
    assert.equal(
      said([incident('a', 'ended')]),
      `No incident goes on; the last one ended at ${clockTime(T0 + 300_000)}`,
    )
    assert.deepEqual(
      [said([]), said([], T0, false), said([], null)],
      ['No incident was found on the clock “world”', 'No such incident', 'Nobody was heard on the clock “world”'],
    )
  })

  it('compare with what is usual', () => {
    assert.deepEqual([null, 1.02, 1.5, 14.6].map(timesText), ['nothing is usual', 'as usual', '1.5 times', '15 times'])
  })
})
