import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { advance, DEFAULTS, describeCause, emptyMonitor, readRules, type ThresholdRule } from './index.ts'
import { sampleMinutes } from './samples.ts'

const T0 = Date.UTC(2026, 10, 20, 18)
const MINUTE = 60_000
const rule = { name: 'starts', metric: 'startup.minute.mean:cta2066', limit: 2_500 }
const faultsOf = (rules: unknown): readonly string[] => readRules(JSON.stringify(rules)).faults

describe('alert rules as they are written', () => {
  it('are read with their defaults', () =>
    assert.deepEqual(
      readRules(
        JSON.stringify([
          rule,
          { ...rule, name: 'by', minutes: 2, least_samples: 100, by: ['asn'], where: { device: 'tv' } },
        ]),
      ),
      {
        faults: [],
        rules: [
          { ...rule, leastSamples: 25, minutes: 1 },
          { ...rule, name: 'by', leastSamples: 100, minutes: 2, by: ['asn'], cause: { device: 'tv' } },
        ],
      },
    ))

  it('may name a metric by an old id, and are held to the one that took its place', () =>
    assert.deepEqual(readRules(JSON.stringify([{ ...rule, metric: 'startup_mean:cta2066' }])), {
      faults: [],
      rules: [{ ...rule, leastSamples: 25, minutes: 1 }],
    }))

  it('are refused whole, with every fault at once, each under its rule', () => {
    const { rules, faults } = readRules(
      JSON.stringify([
        rule,
        { ...rule, limit: -1, minutes: 9 },
        7,
        { name: ' ', metric: 'mood', limit: 1, where: { planet: 'Mars' }, limits: 2 },
      ]),
    )
    assert.deepEqual(rules, [])
    assert.deepEqual(
      faults.map((fault) => fault.trim().split(' ').slice(0, 5).join(' ')),
      [
        'alert 2 (starts) needs a',
        'alert 2 (starts) minutes must',
        'alert 2 (starts) has the',
        'alert 3 must be an',
        'alert 4 ( ) needs',
        'alert 4 ( ) needs',
        'alert 4 ( ) where',
        'alert 4 ( ) has',
      ],
    )
  })

  it('are refused when they are no list, or no JSON', () => {
    assert.match(faultsOf({ rules: [] })[0]!, /must be a JSON list/)
    assert.match(readRules('[{').faults[0]!, /is no JSON: /)
    assert.match(faultsOf(Array.from({ length: 201 }, (_, i) => ({ ...rule, name: String(i) })))[0]!, /at most 200/)
  })
})

describe('alert rules at work', () => {
  const causesUnder = (rules: readonly ThresholdRule[]): string[] => {
    let state = emptyMonitor('live')
    const faults = [{ cause: { device: 'stick' }, from: T0, to: T0 + 9 * MINUTE, slowStarts: 8 }]
    for (const { minute, at, cells } of sampleMinutes({ seed: 1, from: T0, minutes: 3, attempts: 400, faults }))
      state = advance(state, { at, minutes: [{ minute, cells }] }, { ...DEFAULTS, rules }).state
    return state.incidents.all.map(({ cause }) => describeCause(cause))
  }
  const read = (more: object): readonly ThresholdRule[] => readRules(JSON.stringify([{ ...rule, ...more }])).rules

  it('hold each value of the dimensions they name to the limit, and no other', () => {
    assert.deepEqual(causesUnder(read({ by: ['device'] })), ['device stick'])
    assert.deepEqual(causesUnder(read({ by: ['country'] })), [])
    assert.deepEqual(causesUnder(read({ by: ['device'], where: { country: 'US' } })), ['device stick, country US'])
  })

  it('hold those they name to it together', () => {
    assert.deepEqual(causesUnder(read({ where: { device: 'stick' } })), ['device stick'])
    assert.deepEqual(causesUnder(read({ where: { device: 'tv' } })), [])
  })
})
