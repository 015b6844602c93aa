import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { metricKey } from '../../../schemas/experiments/metric.ts'
import {
  BUILT_IN,
  act,
  growthBookOf,
  metricNamed,
  readDraft,
  readMetric,
  type DefinitionFault,
  type Draft,
} from './index.ts'
import { draft, known, created, moment, after_ } from './testing.ts'

const places = (read: unknown): string[] => (Array.isArray(read) ? (read as DefinitionFault[]).map(({ at }) => at) : [])

describe('definitions of metrics', () => {
  it('that come with the house are in order, and named once', () => {
    for (const metric of BUILT_IN) assert.deepEqual(readMetric(metric), metric)
    assert.equal(new Set(BUILT_IN.map(({ id }) => id)).size, BUILT_IN.length)
  })

  it('are found under old ids, which say what took their place', () => {
    const old = metricNamed('startup:cta2066', BUILT_IN)!
    const { replacedBy, ...definition } = old
    assert.deepEqual(
      [metricKey(old), replacedBy, definition],
      [
        'startup:cta2066@1',
        'startup.unit.quantiles:cta2066',
        { ...metricNamed('startup.unit.quantiles:cta2066', BUILT_IN)!, id: 'startup:cta2066' },
      ],
    )
    assert.equal(metricNamed('watch_time@1', BUILT_IN)?.replacedBy, 'watch_time.unit.cap999:playloop')
    assert.deepEqual([metricNamed('watch_time@2', BUILT_IN), metricNamed('mood', BUILT_IN)], [undefined, undefined])
    const { metrics } = created({ metrics: { primary: ['watch_time'] } })
    assert.deepEqual(
      metrics.primary.map(({ id, replacedBy: current }) => [id, current]),
      [['watch_time', 'watch_time.unit.cap999:playloop']],
    )
    const twice = readDraft(draft({ metrics: { primary: ['watch_time', 'watch_time.unit.cap999:playloop'] } }), known)
    assert.deepEqual(places(twice), ['metrics'])
  })

  it('are refused whole, with everything that is wrong', () => {
    assert.deepEqual(
      places(
        readMetric({
          ...BUILT_IN[2],
          kind: 'mean',
          better: 'left',
          window: { fromMs: 5, toMs: 5 },
          where: '1; DROP TABLE',
        }),
      ),
      ['where', 'better', 'window.toMs', 'per'],
    )
    assert.deepEqual(
      places(
        readMetric({
          ...BUILT_IN[2],
          value: { from: 'session', column: 'profile_id' },
          per: { from: 'action', column: 'acts', actions: [] },
        }),
      ),
      ['value.column', 'per.actions'],
    )
    assert.deepEqual(places(readMetric({ ...BUILT_IN[0], levels: [0, 2] })), ['levels'])
    assert.deepEqual(
      places(
        readMetric({
          ...BUILT_IN.find(({ kind }) => kind === 'funnel'),
          steps: [
            { from: 'session', column: 'plays' },
            { from: 'action', column: 'acts', actions: ['play'] },
          ],
        }),
      ),
      ['steps.0'],
    )
    assert.deepEqual(places(readMetric('metric')), [''])
  })
})

describe('definitions of experiments', () => {
  it('carry whole metrics, and equal weights unless told', () => {
    const { variations, metrics, phases } = created()
    assert.deepEqual(
      [variations.map(({ weight }) => weight), metrics.guardrail[0]!.margin, phases[0]!.weights],
      [[0.5, 0.5], 0.05, [0.5, 0.5]],
    )
  })

  it('are refused whole, with everything that is wrong', () => {
    const wrong = draft({
      id: '',
      unit: 'planet' as never,
      variations: [
        { key: 'a', weight: 0.5 },
        { key: 'a', weight: 0.6 },
      ],
      metrics: { primary: ['sales'], guardrail: ['attempts'] },
      slices: ['oca' as never],
      plannedUnits: 5,
      alpha: 2,
      bucketing: { coverage: 'all' as never },
    })
    assert.deepEqual(places(readDraft(wrong, known)), [
      'id',
      'unit',
      'variations',
      'variations',
      'metrics.primary.0',
      'metrics.primary',
      'metrics.guardrail.0',
      'slices',
      'plannedUnits',
      'alpha',
      'bucketing.coverage',
    ])
  })

  it('say what a slip in a condition, a layer, a prerequisite or a forced variation would do', () => {
    const experiments = [
      created({ id: 'holdout', bucketing: { namespace: ['home', 0, 0.5] } }),
      created({ id: 'by-device', bucketing: { hashAttribute: 'device' } }),
    ]
    const faults = (over: Partial<Draft>): string[] => {
      const read = readDraft(draft(over), { ...known, experiments })
      return Array.isArray(read) ? (read as DefinitionFault[]).map(({ at, problem }) => `${at} ${problem}`) : []
    }
    assert.deepEqual(
      faults({
        bucketing: {
          namespace: ['home', 0.5, 1],
          filters: [{ seed: 's', ranges: [[0, 0.2]] }],
          parentConditions: [{ id: 'holdout', condition: { value: 'a' } }],
        },
        forced: [{ condition: { id: { $in: ['me'] } }, variation: 'b' }],
      }),
      [],
    )
    const [overlap] = faults({ bucketing: { namespace: ['home', 0.4, 0.6] } })
    assert.match(overlap!, /bucketing.namespace shares units of the layer home with holdout, which has 0 to 0.5/)
    assert.deepEqual(faults({ clock: 'world', bucketing: { namespace: ['home', 0.4, 0.6] } }), [])
    assert.deepEqual(
      faults({ bucketing: { namespace: ['far', 0, 2], filters: [{ seed: 's', ranges: [[0.5, 0.5]] }] } }).map(
        (each) => each.split(' ', 1)[0],
      ),
      ['bucketing.namespace', 'bucketing.filters'],
    )
    const wrong = faults({
      bucketing: {
        condition: {
          $or: [{ country: { $eqq: 'DE' } }, { age: { $in: 3 } }],
          id: { $inGroup: 'g' },
          name: { $regex: '(' },
        },
        parentConditions: [
          { id: 'gone', condition: {} },
          { id: 'by-device', condition: { value: { $is: 1 } } },
        ],
        minBucketVersion: 2,
      },
      forced: [{ condition: {}, variation: 'c' }],
    })
    assert.deepEqual(
      wrong.map((each) => each.split(' ', 2).join(' ')),
      [
        'bucketing.condition $eqq',
        'bucketing.condition $in',
        'bucketing.condition $inGroup',
        'bucketing.condition $regex',
        'bucketing.parentConditions.0.id there',
        'bucketing.parentConditions.1.id by-device',
        'bucketing.parentConditions.1.condition $is',
        'bucketing.minBucketVersion must',
        'forced.0.variation must',
        'forced.0.condition must',
      ],
    )
    assert.deepEqual(
      places(
        readDraft(
          draft({ bucketing: { filters: [{ seed: 's', ranges: [[0]] as never }], bucketVersion: 'x' as never } }),
          known,
        ),
      ),
      ['bucketing.filters', 'bucketing.bucketVersion'],
    )
  })

  it('bucket anew with other weights where sticky buckets are to give way', () => {
    const running = after_(
      created(),
      { action: 'start', caps: {} },
      { action: 'reweigh', weights: [0.1, 0.9], bucketVersion: 2, minBucketVersion: 1 },
    )
    assert.deepEqual([running.bucketing.bucketVersion, running.bucketing.minBucketVersion], [2, 1])
    for (const versions of [{ bucketVersion: 1 }, { minBucketVersion: 3 }])
      assert.ok(Array.isArray(act(running, { action: 'reweigh', weights: [0.5, 0.5], ...versions }, moment)))
  })

  it('go their way: start, ramp, pause, resume, stop, archive; what was promised stays', () => {
    const running = after_(created({ bucketing: { coverage: 0.1 } }), { action: 'start', caps: { 'watch_time@1': 9 } })
    assert.deepEqual(
      [running.state, running.startedAt, running.caps, running.revision],
      ['running', 77, { 'watch_time@1': 9 }, 1],
    )
    const done = after_(
      running,
      { action: 'ramp', coverage: 0.5 },
      { action: 'pause' },
      { action: 'resume' },
      { action: 'reweigh', weights: [0.2, 0.8] },
      { action: 'kill' },
      { action: 'stop' },
      { action: 'archive' },
    )
    assert.deepEqual(
      [done.state, done.bucketing.coverage, done.killed, done.revision, done.phases.map(({ weights }) => weights)],
      [
        'archived',
        0.5,
        true,
        8,
        [
          [0.5, 0.5],
          [0.2, 0.8],
        ],
      ],
    )
    for (const promised of ['plannedUnits', 'alpha', 'metrics', 'caps', 'startedAt'] as const)
      assert.deepEqual(done[promised], running[promised])
  })

  it('refuse what their state does not allow, and a ramp that would take units out', () => {
    assert.match(
      (act(created(), { action: 'stop' }, moment) as readonly DefinitionFault[])[0]!.problem,
      /running or paused, and this one is draft/,
    )
    const running = after_(created({ bucketing: { coverage: 0.5 } }), { action: 'start', caps: {} })
    for (const order of [
      { action: 'ramp', coverage: 0.4 },
      { action: 'ramp', coverage: 2 },
      { action: 'reweigh', weights: [0, 1] },
      { action: 'start', caps: {} },
    ] as const)
      assert.ok(Array.isArray(act(running, order, moment)), order.action)
  })

  it('are guarded by what says what harm is, along coverages that grow', () => {
    const rollout = { rollback: { margin: 0.02 }, ramp: [{ coverage: 0.5, holdMs: 1 }], noticeMs: 60_000 }
    const guarded = after_(created(), { action: 'guard', rollout })
    assert.deepEqual([guarded.rollout, guarded.action, guarded.state], [rollout, 'guard', 'draft'])
    assert.deepEqual(after_(guarded, { action: 'guard', rollout: null }).rollout, {
      rollback: null,
      ramp: [],
      noticeMs: 0,
    })
    const places = (experiment: RegisteredExperiment, wrong: object): string[] =>
      (
        act(experiment, { action: 'guard', rollout: { ...rollout, ...wrong } }, moment) as readonly DefinitionFault[]
      ).map(({ at }) => at)
    assert.deepEqual(places(created(), { rollback: { margin: 0 } }), ['rollout.rollback.margin'])
    assert.deepEqual(places(created(), { noticeMs: 8 * 86_400_000 }), ['rollout.noticeMs'])
    assert.deepEqual(
      places(created(), {
        ramp: [
          { coverage: 0.5, holdMs: 0 },
          { coverage: 0.5, holdMs: -1 },
        ],
      }),
      ['rollout.ramp', 'rollout.ramp'],
    )
    const { primary, secondary } = created().metrics
    assert.deepEqual(places({ ...created(), metrics: { primary, guardrail: [], secondary } }, {}), ['rollout.rollback'])
  })

  it('name the decision that an action was a part of, and no action after it', () => {
    const decided = { ...after_(created(), { action: 'start', caps: {} }), decision: 3 }
    assert.equal('decision' in after_(decided, { action: 'pause' }), false)
  })

  it('are told to SDKs as inactive unless they run', () => {
    const experiment = created()
    assert.equal(growthBookOf(experiment)['active'], false)
    const running = after_(experiment, { action: 'start', caps: {} })
    assert.equal(growthBookOf(running)['active'], undefined)
    assert.equal(growthBookOf(after_(running, { action: 'kill' }))['active'], false)
  })
})
