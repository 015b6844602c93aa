import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { NO_INCIDENTS, observe, type Incident } from './incidents.ts'
import { standingOf, stateOf, UNTOUCHED, type OperatorAction } from './operators.ts'

const action = (kind: OperatorAction['kind'], at: number, over: Partial<OperatorAction> = {}): OperatorAction => ({
  id: `${kind}-${at}`,
  incident: 'live-1',
  kind,
  by: 'ada',
  at,
  until: kind === 'mute' ? 5_000 : null,
  ...over,
})
const actions = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 3 }),
    incident: fc.constant('live-1'),
    kind: fc.constantFrom<OperatorAction['kind']>('acknowledge', 'mute', 'unmute'),
    by: fc.constantFrom('ada', 'bob'),
    at: fc.nat({ max: 5 }),
    until: fc.nat({ max: 9 }),
  }),
  { selector: ({ id, at }) => `${at}/${id}`, maxLength: 8 },
)

describe('what operators said', () => {
  it('is a function of the set of actions, whatever their order or number', () =>
    fc.assert(
      fc.property(
        actions.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
        ),
        ([all, resent]) => assert.deepEqual(standingOf(resent), standingOf(all)),
      ),
    ))

  it('is the first acknowledgement and the latest word about silence', () => {
    const said = standingOf([
      action('mute', 3),
      action('acknowledge', 2, { by: 'bob' }),
      action('acknowledge', 1),
      action('mute', 1, { until: 9_000 }),
    ])
    assert.deepEqual(said, { acknowledged: { by: 'ada', at: 1 }, muted: { by: 'ada', at: 3, until: 5_000 } })
    assert.equal(standingOf([action('mute', 3), action('unmute', 4)]).muted, null)
    assert.notEqual(standingOf([action('mute', 4), action('unmute', 3)]).muted, null)
  })

  it('decides what state an incident shows: ended, muted until then, acknowledged, open', () => {
    const [incident] = observe(NO_INCIDENTS, {
      clock: 'live',
      at: 1_000,
      calmMs: 1,
      most: 9,
      findings: [
        {
          cause: {},
          kind: 'anomaly',
          metrics: ['ebvs_rate.minute:playloop'],
          since: 0,
          evidence: [],
          rate: 1,
          usualRate: 0,
          affected: [],
          shadows: [],
        },
      ],
    }).all as [Incident]
    const both = standingOf([action('mute', 3), action('acknowledge', 4)])
    assert.deepEqual(
      [stateOf(incident, UNTOUCHED, 2_000), stateOf(incident, both, 4_999), stateOf(incident, both, 5_000)],
      ['open', 'muted', 'acknowledged'],
    )
    assert.equal(stateOf({ ...incident, end: 1_000 }, both, 2_000), 'ended')
  })
})
