import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { PlayloopError } from '../errors.ts'
import { silentLogger, type Logger } from '../logger.ts'
import { openMetrics } from '../metrics.ts'
import { seeded } from '../random.ts'
import { startJobs, type Job, type JobsOptions, type RunningJobs } from './index.ts'
import { simulatedClock, type SimulatedClock } from './testing.ts'

interface Worked {
  readonly job: string
  readonly from: number
  readonly to: number
}

function frame(
  jobs: (clock: SimulatedClock, worked: Worked[]) => readonly Job[],
  over: Partial<JobsOptions> = {},
): { clock: SimulatedClock; worked: Worked[]; running: RunningJobs } {
  const clock = simulatedClock()
  const worked: Worked[] = []
  const options = { jobs: jobs(clock, worked), clock, logger: silentLogger, metrics: openMetrics(), random: seeded(1) }
  return { clock, worked, running: startJobs({ ...options, ...over }) }
}

/** A job that works so long in a step, again and again; what it worked is noted. */
const busyJob = (
  name: string,
  lengths: readonly number[],
  share: number,
  { clock, worked }: { clock: SimulatedClock; worked: Worked[] },
  more: Partial<Job> = {},
): Job => {
  let step = 0
  return {
    name,
    share,
    idleMs: 1_000,
    async step() {
      const from = clock.now()
      await clock.sleep(lengths[step++ % lengths.length]!)
      worked.push({ job: name, from, to: clock.now() })
      return 1
    },
    ...more,
  }
}
const total = (worked: readonly Worked[]): number => worked.reduce((sum, { from, to }) => sum + to - from, 0)
/** What of it lies within [from, to). */
const within = (worked: readonly Worked[], from: number, to: number): number =>
  worked.reduce((sum, each) => sum + Math.max(0, Math.min(to, each.to) - Math.max(from, each.from)), 0)

const anyJobs = fc.array(
  fc.record({
    lengths: fc.array(fc.integer({ min: 30, max: 3_000 }), { minLength: 1, maxLength: 5 }),
    share: fc.constantFrom(0.1, 0.2, 0.5, 1),
  }),
  { minLength: 1, maxLength: 4 },
)

describe('the budget of jobs', () => {
  it('is kept over any window: by each job its share, by all together the limit', () =>
    fc.assert(
      fc.asyncProperty(anyJobs, fc.constantFrom(0.2, 0.5, 1.5), fc.nat(20_000), async (specs, limit, at) => {
        const { clock, worked, running } = frame(
          (own, notes) =>
            specs.map(({ lengths, share }, i) => busyJob(`j${i}`, lengths, share, { clock: own, worked: notes })),
          { budget: limit },
        )
        await clock.runUntil(40_000)
        specs.forEach(({ share }, i) => {
          const own = worked.filter(({ job }) => job === `j${i}`)
          assert.ok(own.length > 0)
          for (let k = 0; k + 1 < own.length; k++)
            assert.ok(own[k + 1]!.from - own[k]!.from >= (own[k]!.to - own[k]!.from) / share - 1e-6, `j${i}`)
        })
        const longest = specs.reduce((sum, { lengths }) => sum + Math.max(...lengths), 0)
        for (const to of [at + 1_000, at + 10_000, 40_000])
          assert.ok(within(worked, at, to) <= limit * (to - at) + longest + 1e-6, `[${at}, ${to})`)
        const stopped = running.stop()
        await clock.runUntil(50_000)
        await stopped
      }),
      { numRuns: 25 },
    ))

  it('is fair: short steps get as much as long ones beside them, and what idle jobs leave goes to the others', async () => {
    const { clock, worked, running } = frame(
      (own, notes) => [
        busyJob('long', [10_000], 0.5, { clock: own, worked: notes }),
        busyJob('short', [10], 0.5, { clock: own, worked: notes }),
      ],
      { budget: 0.5 },
    )
    await clock.runUntil(200_000)
    const of = (job: string): number => total(worked.filter((each) => each.job === job)) / 200_000
    assert.ok(Math.abs(of('short') - 0.25) < 0.02 && Math.abs(of('long') - 0.25) < 0.03, `${of('short')} ${of('long')}`)
    const stopped = running.stop()
    await clock.runUntil(220_000)
    await stopped
    const alone = frame((own, notes) => [busyJob('short', [10], 0.5, { clock: own, worked: notes })], { budget: 0.5 })
    await alone.clock.runUntil(100_000)
    assert.ok(Math.abs(total(alone.worked) / 100_000 - 0.5) < 0.01)
    void alone.running.stop()
  })

  it('is paid piece by piece where a step asks for it, and by what a piece took', async () => {
    const rests: number[] = []
    const { clock, running } = frame((own) => [
      {
        name: 'pieces',
        idleMs: 1e9,
        share: (tookMs) => (tookMs > 100 ? 0.1 : 0.5),
        async step(_, { pace }) {
          for (const length of [50, 200]) {
            await pace(() => own.sleep(length))
            rests.push(own.now())
          }
          return 0
        },
      },
    ])
    await clock.runUntil(10_000)
    assert.deepEqual(rests, [100, 100 + 2_000])
    await running.stop()
  })
})

describe('a wake-up', () => {
  it('is never lost: after each one a step begins that can see what it tells of', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(20_000), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 3_000 }),
        fc.constantFrom(0, 700),
        async (wakes, length, gatherMs) => {
          const begun: number[] = []
          const { clock, running } = frame((own) => [
            {
              name: 'sleepy',
              idleMs: 1e9,
              share: 0.5,
              gatherMs,
              wakesOn: ['landed:x'],
              async step() {
                begun.push(own.now())
                await own.sleep(length)
                return 0
              },
            },
          ])
          for (const at of wakes.toSorted((a, b) => a - b)) {
            await clock.runUntil(at)
            const seen = begun.length
            running.wake('landed:y')
            running.wake('landed:x')
            await clock.runUntil(at)
            assert.ok(begun.length <= seen + 1)
          }
          const last = Math.max(...wakes)
          await clock.runUntil(last + 2 * length + gatherMs + 10)
          assert.ok(begun.at(-1)! >= last, `last step at ${begun.at(-1)}, last news at ${last}`)
          assert.ok(begun.length <= wakes.length + 1, 'one step for news that came together')
          void running.stop()
        },
      ),
      { numRuns: 25 },
    ))

  it('reaches jobs from the steps of others', async () => {
    const steps: string[] = []
    const { clock, running } = frame((own) => [
      {
        name: 'first',
        idleMs: 5_000,
        step: (_, { wake }) => (steps.push(`first ${own.now()}`), wake('made:x'), Promise.resolve(0)),
      },
      {
        name: 'second',
        idleMs: 1e9,
        wakesOn: ['made:x'],
        step: () => (steps.push(`second ${own.now()}`), Promise.resolve(0)),
      },
    ])
    await clock.runUntil(4_000)
    steps.splice(0)
    await clock.runUntil(6_000)
    assert.deepEqual(steps, ['first 5000', 'second 5000'])
    await running.stop()
  })
})

describe('a stop', () => {
  it('waits for the steps under way and begins no other, whenever it comes', () =>
    fc.assert(
      fc.asyncProperty(anyJobs, fc.nat(20_000), fc.boolean(), async (specs, at, fails) => {
        const { clock, worked, running } = frame((own, notes) => [
          ...specs.map(({ lengths, share }, i) => busyJob(`j${i}`, lengths, share, { clock: own, worked: notes })),
          { name: 'other', idleMs: 10, step: () => (fails ? Promise.reject(new Error('down')) : Promise.resolve(0)) },
        ])
        await clock.runUntil(at)
        const stopped = running.stop()
        await clock.runUntil(at + 3_000)
        await stopped
        await running.done
        assert.ok(worked.every(({ from }) => from <= at))
      }),
      { numRuns: 25 },
    ))
})

describe('a failure', () => {
  it('is logged once with its code, counted, and tried again; other jobs go on', async () => {
    const lines: unknown[] = []
    const logger = { ...silentLogger, warn: (fields: unknown) => lines.push(fields) } as unknown as Logger
    const metrics = openMetrics()
    let failures = 3
    const { clock, worked, running } = frame(
      (own, notes) => [
        busyJob('calm', [100], 0.5, { clock: own, worked: notes }, { lag: () => 7 }),
        {
          name: 'moody',
          idleMs: 1_000,
          step: () => {
            if (failures-- > 0) throw new PlayloopError('STORE_AWAY', { status: 503, message: 'away', next: 'wait' })
            return Promise.resolve(0)
          },
        },
      ],
      { logger, metrics },
    )
    await clock.runUntil(60_000)
    assert.deepEqual(lines, [{ job: 'moody', code: 'STORE_AWAY', error: 'away' }])
    assert.ok(worked.length > 250)
    const text = await metrics.text()
    assert.match(text, /^playloop_job_failures_total\{job="moody"\} 3$/m)
    assert.match(text, new RegExp(`^playloop_job_work_total\\{job="calm"\\} ${worked.length}$`, 'm'))
    assert.match(text, /^playloop_job_lag_seconds\{job="calm"\} 7$/m)
    assert.ok(Number(/^playloop_job_steps_total\{job="moody"\} (\d+)$/m.exec(text)?.[1]) > 10)
    const stopped = running.stop()
    await clock.runUntil(61_000)
    await stopped
  })
})
