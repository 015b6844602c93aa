import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import fc from 'fast-check'
import { askedMs, backoff, createOutbox, newestWithin, type Outbox } from './outbox.ts'

describe('when to try again', () => {
  it('waits what was asked for, and jitter in a growing window on top', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.nat(200_000),
        (attempt, chance, asked) => {
          const ms = backoff(attempt, chance, asked)
          assert.ok(ms >= Math.min(asked, 60_000) && ms <= 120_000)
          assert.ok(backoff(attempt, 0, asked) === Math.min(asked, 60_000) && backoff(0, chance, 0) < 1_000)
        },
      ),
    )
  })

  it('reads seconds and dates', () => {
    const now = Date.UTC(2026, 10, 23)
    assert.deepEqual(
      ['7', new Date(now + 3_000).toUTCString(), '-4', 'soon', null].map((header) => askedMs(header, now)),
      [7_000, 3_000, 0, 0, 0],
    )
  })
})

describe('what outlives the page', () => {
  it('is the newest that fit, whatever they are written in', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 40 })), fc.nat(200), (records, bytes) => {
        const kept = newestWithin(records, bytes)
        assert.deepEqual(kept, kept.length === 0 ? [] : records.slice(-kept.length))
        const size = (some: readonly string[]): number => Buffer.byteLength(`[${some.join()}]`)
        if (kept.length > 0) assert.ok(size(kept) <= bytes)
        if (kept.length < records.length) assert.ok(size(records.slice(-kept.length - 1)) >= bytes)
      }),
    )
  })
})

/** A collector that answers as told, and the bodies it was sent. */
const answers: (number | 'none')[] = []
const [bodies, beams]: [string[][], string[][]] = [[], []]
const real = globalThis.fetch
let outbox: Outbox
/** Lets an answer arrive and timers run. */
const pass = async (ms: number): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve()
  mock.timers.tick(ms)
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

describe('records on their way', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    answers.length = bodies.length = beams.length = 0
    globalThis.fetch = async (_, init) => {
      bodies.push(JSON.parse(init!.body as string) as string[])
      const status = answers.shift() ?? 202
      if (status === 'none') throw new TypeError('Failed to fetch')
      return new Response('{}', { status, headers: status === 503 ? { 'retry-after': '5' } : {} })
    }
    outbox = createOutbox({
      url: 'http://collector.test/v1?',
      now: () => 0,
      beam: (_, body) => beams.push(JSON.parse(body) as string[]) > 0,
      chance: () => 0.5,
    })
  })
  afterEach(() => {
    mock.timers.reset()
    globalThis.fetch = real
  })

  it('leave together after a second, and no more', async () => {
    outbox.add('"a"', false)
    outbox.add('"b"', false)
    await pass(999)
    assert.deepEqual(bodies, [])
    await pass(1)
    await pass(60_000)
    assert.deepEqual(bodies, [['a', 'b']])
    assert.deepEqual(outbox.stats, { acknowledged: 2, lost: 0, waiting: 0, requests: 1 })
  })

  it('leave again, unchanged, after 503, 429 and no answer, in the time that was asked for', async () => {
    answers.push(503, 429, 'none')
    outbox.add('"a"', false)
    await pass(1_000)
    outbox.add('"b"', false)
    await pass(5_499)
    assert.equal(bodies.length, 1)
    await pass(1)
    assert.deepEqual(bodies[1], ['a', 'b'])
    for (let i = 0; i < 4; i++) await pass(10_000)
    assert.deepEqual(bodies.length, 4)
    assert.deepEqual([outbox.stats.acknowledged, outbox.stats.lost], [2, 0])
  })

  it('are let go when they were refused, for the same would be refused again', async () => {
    for (const status of [400, 401, 413, 500, 502]) {
      answers.push(status)
      outbox.add(`"${status}"`, false)
      await pass(1_000)
      await pass(60_000)
    }
    assert.deepEqual([bodies.length, outbox.stats.lost, outbox.stats.waiting], [5, 5, 0])
  })

  it('are never more than two hundred, the newest', async () => {
    answers.push(...new Array<'none'>(100).fill('none'))
    for (let i = 0; i < 1_000; i++) outbox.add(`"${i}"`, false)
    assert.deepEqual([outbox.stats.waiting, outbox.stats.lost], [200, 800])
    await pass(1_000)
    assert.equal(bodies[0]![0], '800')
  })

  it('take the finals of segments along with every later batch', async () => {
    outbox.add('"final"', true)
    await pass(1_000)
    outbox.add('"later"', false)
    await pass(1_000)
    assert.deepEqual(bodies, [['final'], ['final', 'later']])
    assert.equal(outbox.stats.acknowledged, 2)
  })

  it('leave at once with the page, and again should it live on', async () => {
    outbox.beacon()
    outbox.add('"final"', true)
    await pass(1_000)
    outbox.add('"last"', false)
    outbox.beacon()
    assert.deepEqual(beams, [['final', 'last']])
    outbox.add('"quit"', false)
    outbox.beacon()
    outbox.beacon()
    assert.deepEqual(beams[1], ['final', 'quit'])
    assert.equal(beams.length, 2)
    await pass(1_000)
    assert.deepEqual(bodies[1], ['final', 'last', 'quit'])
  })
})
