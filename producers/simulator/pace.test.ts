import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { manualClock } from '../../platform/clock.ts'
import { leave, pace, type Outlet } from './pace.ts'

const LIVE_FROM = 1_000_000

/** A world with an event every second, told to a list. */
function ticking(from: number) {
  const told: number[] = []
  const world = {
    now: from,
    nextAt: from,
    step() {
      world.now = world.nextAt
      told.push(world.nextAt)
      world.nextAt += 1_000
    },
    runUntil(until: number) {
      while (world.nextAt <= until) world.step()
      world.now = Math.max(world.now, until)
    },
  }
  return { world, told }
}

const open: Outlet = { open: true, ready: async () => {} }
const turns = async (clock: ReturnType<typeof manualClock>, ms: number): Promise<void> => {
  for (let i = 0; i < ms; i++) {
    clock.advance(1)
    await new Promise(setImmediate)
  }
}

describe('pace', () => {
  it('tells the past as fast as it goes, then runs at its speed', async () => {
    const [clock, stop] = [manualClock(5_000), new AbortController()]
    const { world, told } = ticking(LIVE_FROM - 500_000)
    const done = pace(world, open, { clock, speed: 60, liveFrom: LIVE_FROM, signal: stop.signal })
    await turns(clock, 20)
    assert.ok(told.length >= 501 && told[500] === LIVE_FROM)
    await turns(clock, 1_000)
    const after = world.now - LIVE_FROM
    assert.ok(after > 57_000 && after <= 61_200, String(after))
    stop.abort()
    await turns(clock, 30)
    await done
  })

  it('waits while there is no room, and loses nothing', async () => {
    const [clock, stop] = [manualClock(), new AbortController()]
    const { world, told } = ticking(LIVE_FROM - 9_000)
    let free = (): void => {}
    const outlet = {
      open: false,
      ready: () =>
        new Promise<void>((resolve) => {
          free = () => {
            outlet.open = true
            resolve()
          }
        }),
    }
    const done = pace(world, outlet, { clock, speed: 1, liveFrom: LIVE_FROM, signal: stop.signal })
    await turns(clock, 10)
    assert.equal(told.length, 0)
    free()
    await turns(clock, 10)
    assert.equal(told.length, 10)
    stop.abort()
    await turns(clock, 30)
    await done
  })

  it('ends though there is never room again', async () => {
    const [clock, stop] = [manualClock(), new AbortController()]
    const { world } = ticking(LIVE_FROM - 9_000)
    const done = pace(
      world,
      { open: false, ready: () => new Promise(() => {}) },
      { clock, speed: 1, liveFrom: LIVE_FROM, signal: stop.signal },
    )
    await turns(clock, 5)
    stop.abort()
    await done
  })
})

describe('leaving', () => {
  function* crowd(left: number[]): Generator<void> {
    for (let n = 0; n < 1_000; n++) {
      left.push(n)
      yield
    }
  }

  it('waits for room, and lets everybody say so', async () => {
    const [left, waits]: [number[], number[]] = [[], []]
    const narrow: Outlet = {
      get open() {
        return left.length % 10 !== 0
      },
      ready: async () => void waits.push(left.length),
    }
    await leave(crowd(left), narrow, manualClock(0))
    assert.deepEqual([left.length, waits.length], [1_000, 100])
  })

  it('ends without those who come too late when nothing is taken', async () => {
    const [clock, left] = [manualClock(0), [] as number[]]
    const done = leave(crowd(left), { open: false, ready: () => new Promise(() => undefined) }, clock)
    await turns(clock, 8_100)
    await done
    assert.equal(left.length, 1)
  })
})
