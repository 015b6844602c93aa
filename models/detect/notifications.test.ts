import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { NO_INCIDENTS, observe, type Finding, type Incident } from './incidents.ts'
import { standingsOf, type OperatorAction } from './operators.ts'
import { bounded, delivered, heads, NOTHING_NOTIFIED, notify, type NotificationState } from './notifications.ts'

const finding = (cause: Finding['cause']): Finding => ({
  cause,
  kind: 'anomaly',
  metrics: ['ebvs_rate.minute:playloop'],
  since: 0,
  evidence: [],
  rate: 0.2,
  usualRate: 0.02,
  affected: [],
  shadows: [],
})
const [A, B] = observe(NO_INCIDENTS, {
  clock: 'live',
  at: 1_000,
  calmMs: 9_000,
  most: 9,
  findings: [finding({ asn: '1' }), finding({ oca: 'x' })],
}).all as [Incident, Incident]
const ended = (incident: Incident): Incident => ({ ...incident, end: 2_000 })
const action = (kind: OperatorAction['kind'], at: number, until: number | null = null): OperatorAction => ({
  id: `${kind}-${at}`,
  incident: A.id,
  kind,
  by: 'ada',
  at,
  until,
})
const NOBODY = standingsOf([])

/** Types of what is told of A, round by round. */
function story(
  ...rounds: readonly (readonly [incident: Incident, now: number, ...actions: OperatorAction[]])[]
): string[] {
  let notifications = NOTHING_NOTIFIED
  return rounds.flatMap(([incident, now, ...actions]) => {
    const { notifications: next, fresh } = notify(notifications, [incident], standingsOf(actions), now)
    notifications = JSON.parse(JSON.stringify(next)) as NotificationState
    return fresh.map(({ id, body }) => `${id} ${body.type}`)
  })
}

describe('who is told what', () => {
  it('is told once of each state, however often it is looked at', () =>
    assert.deepEqual(
      story(
        [A, 1_000],
        [A, 1_100],
        [A, 1_200, action('acknowledge', 1)],
        [A, 1_300, action('acknowledge', 1)],
        [ended(A), 3_000, action('acknowledge', 1)],
        [ended(A), 4_000],
      ),
      ['live-1:1 incident.opened', 'live-1:2 incident.acknowledged', 'live-1:3 incident.ended'],
    ))

  it('is told nothing of what is muted, what was missed once the mute is over, and nothing of what ended unknown', () => {
    assert.deepEqual(story([A, 1_000, action('mute', 1, 1_500)], [A, 1_600, action('mute', 1, 1_500)]), [
      'live-1:1 incident.opened',
    ])
    assert.deepEqual(story([A, 1_000], [A, 1_100, action('mute', 1, 1_500)], [A, 1_600, action('mute', 1, 1_500)]), [
      'live-1:1 incident.opened',
    ])
    assert.deepEqual(story([ended(A), 3_000]), [])
  })

  it('is told of another cause under the same incident', () =>
    assert.deepEqual(story([A, 1_000], [{ ...A, cause: { asn: '2' } }, 1_100]), [
      'live-1:1 incident.opened',
      'live-1:2 incident.changed',
    ]))

  it('gets notices of one incident in order, those of others beside them', () => {
    let { notifications } = notify(NOTHING_NOTIFIED, [A, B], NOBODY, 1_000)
    notifications = notify(notifications, [ended(A), B], NOBODY, 3_000).notifications
    assert.deepEqual(
      heads(notifications).map(({ id }) => id),
      ['live-1:1', 'live-2:1'],
    )
    assert.deepEqual(
      heads(delivered(notifications, 'live-1:1')).map(({ id }) => id),
      ['live-2:1', 'live-1:2'],
    )
  })

  it('keeps at most so many waiting, the first and the last of an incident before what came between', () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }),
        fc.integer({ min: 1, max: 12 }),
        (order, most) => {
          const { notifications } = notify(NOTHING_NOTIFIED, [A], NOBODY, 1_000)
          const outbox = order.map((incident, i) => ({ ...notifications.outbox[0]!, incident, id: `${incident}:${i}` }))
          const { notifications: kept, dropped } = bounded({ sent: {}, outbox }, most)
          assert.ok(kept.outbox.length <= most)
          assert.deepEqual([...kept.outbox, ...dropped].map(({ id }) => id).sort(), outbox.map(({ id }) => id).sort())
          if (most >= 6)
            for (const incident of new Set(order))
              assert.ok(kept.outbox.some((each) => each === outbox.findLast((other) => other.incident === incident)))
        },
      ),
    ))
})
