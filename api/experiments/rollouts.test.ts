import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, describe, it } from 'node:test'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { idOf, land } from '../../streams/touched/fixture.ts'
import type { ListedDecision, Reproduction } from './records.ts'
import { AUTHOR, type RolloutAnswer } from './rollouts.ts'
import { draft, HOUR, hourly, openExperimentsApi, T, type ExperimentsApi, type Problem } from './testing.ts'

describe('guarded rollouts', () => {
  let api: ExperimentsApi
  const rollout = (): Promise<RolloutAnswer> => api.get('/x/rollout')
  const until = async (isSo: (now: RolloutAnswer) => boolean): Promise<RolloutAnswer> => {
    for (let left = 600; left > 0; left--) {
      const now = await rollout()
      if (isSo(now)) return now
      await sleep(200)
    }
    return assert.fail(`the rollout stands at ${JSON.stringify(await rollout())}`)
  }
  const guard = { rollback: { margin: 0.1 }, ramp: [], noticeMs: 4_000 }
  before(async () => {
    api = await openExperimentsApi()
    const calls = { ...hourly, id: 'calls', better: 'down', margin: 0.1, name: 'Calls for help' }
    for (const metric of [hourly, calls]) await api.post('/metrics', { metric }, 201)
    await api.post('', { ...draft, metrics: { primary: ['plays'], guardrail: ['calls'] } }, 201)
    await api.post('/x/start', {})
    const played = (profile: string, n: number, at: number) => ({
      ...{ id: idOf(n, 5), clock: 'live', at, profile, action: 'play', title: 't' },
    })
    // Those of the second arm, the even ones, do it three times as often.
    const more = Array.from({ length: 600 }, (_, i) =>
      Array.from({ length: (i % 2) * 2 + (i % 3) }, (_, n) => played(`u${i + 1}`, i * 10 + n, T + i + 5_000 + n)),
    ).flat()
    const later = [0, 1, 2, 3].map((n) => played('nobody', 9_000 + n, T + 3 * HOUR))
    await land(api.store, [...more, ...later], { offset: 10_000 })
    await api.expose(1, 600)
  })
  after(() => api.close())

  it('are refused where they say nothing, and have nothing to undo before', async () => {
    const wrong = { ...guard, ramp: [0.5, 0.2].map((coverage) => ({ coverage, holdMs: 0 })), noticeMs: -1 }
    assert.deepEqual(
      (await api.post<Problem>('/x/guard', { rollout: wrong }, 422)).faults!.map(({ at }) => at),
      ['rollout.ramp', 'rollout.noticeMs'],
    )
    assert.equal((await api.post<Problem>('/x/rollout/undo', {}, 409)).code, 'API_ROLLOUT_NOTHING')
  })

  it('announce a rollback on harm, which a person undoes before it happens', async () => {
    await api.post('/x/guard', { rollout: { ...guard, noticeMs: 3_600_000 } })
    const { headline, pending } = await until((now) => now.pending !== null)
    assert.equal(pending?.step.action, 'kill')
    assert.match(headline, /^Will roll back at 20.* because “Calls for help” of “b” is harmed/)
    const undone = await api.post<RolloutAnswer>('/x/rollout/undo', {})
    assert.deepEqual([undone.pending, undone.headline], [null, ''])
    await sleep(6_000)
    assert.deepEqual([(await rollout()).pending, (await api.get<RegisteredExperiment>('/x')).killed], [null, false])
  })

  it('roll back by themselves with a decision of their own, which is undone afterwards', async () => {
    await api.post('/x/guard', { rollout: guard })
    const { taken } = await until((now) => now.taken !== null)
    assert.equal((await api.get<RegisteredExperiment>('/x')).killed, true)
    const [last] = (await api.get<{ decisions: ListedDecision[] }>('/x/decisions')).decisions
    assert.deepEqual(
      [last?.number, last?.by, last?.automatic, last?.choice, last?.verdict, last?.carriedOut],
      [taken!.decision, AUTHOR, true, 'roll back', 'roll back', true],
    )
    const again = await api.get<Reproduction>(`/x/decisions/${taken!.decision}/reproduce`)
    assert.deepEqual([again.same, again.intact], [true, true])
    const undone = await api.post<RolloutAnswer>('/x/rollout/undo', {})
    assert.deepEqual(
      undone.events.slice(-3).map(({ kind }) => kind),
      ['announced', 'done', 'undone'],
    )
    assert.equal((await api.get<RegisteredExperiment>('/x')).killed, false)
    assert.equal((await api.post<Problem>('/x/rollout/undo', {}, 409)).code, 'API_ROLLOUT_NOTHING')
  })
})
