import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  allEnded,
  allReady,
  begin,
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
  SILENT_MS,
  STEADY_MS,
  step,
  type ChildSpec,
  type SupervisionAction,
  type SupervisionEvent,
} from './supervision.ts'

const spec = (name: string, ...after: string[]): ChildSpec => ({ name, after, startLimitMs: 1_000, stopLimitMs: 500 })
const specs = [spec('broker'), spec('store', 'broker'), spec('collector', 'broker'), spec('world', 'collector')]

/** Plays events and keeps what was to be done. */
function play() {
  let now = 0
  let { state, actions } = begin(specs, now)
  const told = (list: readonly SupervisionAction[]): string[] => list.map((action) => `${action.do} ${action.name}`)
  const send = (event: Omit<SupervisionEvent, 'now'> & { name?: string; reason?: string }): string[] => {
    ;({ state, actions } = step(specs, state, { ...event, now } as SupervisionEvent))
    return told(actions)
  }
  return {
    begun: told(actions),
    send,
    ready: (...names: string[]) => names.flatMap((name) => send({ type: 'ready', name })),
    exit: (name: string, reason = 'exit code 1') => send({ type: 'exited', name, reason }),
    /** Time passes for the supervisor too, with a heartbeat of these every second. */
    beating(ms: number, ...names: string[]): string[] {
      const done: string[] = []
      for (let passed = 0; passed < ms; passed += 500) {
        now += 500
        if (passed % 1_000 === 0) for (const name of names) done.push(...send({ type: 'beat', name }))
        done.push(...send({ type: 'tick' }))
      }
      return done
    },
    /** Every process that runs is well. */
    after(ms: number) {
      now += ms
      const ready = Object.entries(state.children).filter(([, { phase }]) => phase === 'ready')
      return [...ready.flatMap(([name]) => send({ type: 'beat', name })), ...send({ type: 'tick' })]
    },
    /** The supervisor itself stood still. */
    paused(ms: number) {
      now += ms
      return send({ type: 'tick' })
    },
    get state() {
      return state
    },
  }
}

describe('supervision', () => {
  it('starts each when what it needs is ready', () => {
    const run = play()
    assert.deepEqual(run.begun, ['start broker'])
    assert.deepEqual(run.ready('broker'), ['start store', 'start collector'])
    assert.deepEqual(run.ready('store'), [])
    assert.deepEqual(run.ready('collector'), ['start world'])
    run.ready('world')
    assert.ok(allReady(run.state))
  })

  it('ends all in reverse order, each after the one before has ended', () => {
    const run = play()
    run.ready('broker', 'store', 'collector', 'world')
    assert.deepEqual(run.send({ type: 'stop' }), ['stop world'])
    assert.deepEqual(run.after(100), [])
    assert.deepEqual(run.exit('world'), ['stop collector'])
    assert.deepEqual(run.exit('collector'), ['stop store'])
    assert.deepEqual(run.exit('store'), ['stop broker'])
    assert.deepEqual(run.exit('broker'), [])
    assert.ok(allEnded(run.state))
    assert.equal(run.state.failure, undefined)
  })

  it('kills what does not stop in time', () => {
    const run = play()
    run.ready('broker', 'store', 'collector', 'world')
    run.send({ type: 'stop' })
    assert.deepEqual(run.after(499), [])
    assert.deepEqual(run.after(1), ['kill world'])
    assert.deepEqual(run.exit('world'), ['stop collector'])
  })

  it('starts what died again, later each time, and soon again after it ran steadily', () => {
    const run = play()
    run.ready('broker', 'store', 'collector', 'world')
    const pauses: number[] = []
    for (let death = 0; death < 8; death++) {
      run.exit('store')
      let pause = 0
      while (run.after(FIRST_PAUSE_MS).length === 0) pause += FIRST_PAUSE_MS
      pauses.push(pause + FIRST_PAUSE_MS)
      run.ready('store')
    }
    assert.deepEqual(pauses, [250, 500, 1_000, 2_000, 4_000, 8_000, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS])
    run.after(STEADY_MS)
    run.exit('store')
    assert.deepEqual(run.after(FIRST_PAUSE_MS), ['start store'])
    assert.equal(run.state.children['store']!.restarts, 9)
  })

  it('gives up when one fails before it was ever ready, and says which and why', () => {
    const run = play()
    run.ready('broker', 'store')
    assert.deepEqual(run.exit('collector', 'PORT_IN_USE'), ['stop store'])
    assert.deepEqual(run.state.failure, { name: 'collector', reason: 'PORT_IN_USE' })
    run.exit('store')
    run.exit('broker')
    assert.ok(allEnded(run.state))
  })

  it('kills what does not become ready, and names that as the reason', () => {
    const run = play()
    assert.deepEqual(run.after(1_000), ['kill broker'])
    run.exit('broker', 'signal SIGKILL')
    assert.deepEqual(run.state.failure, { name: 'broker', reason: 'it was not ready in time' })
  })

  it('kills what is silent, once, and starts it again', () => {
    const run = play()
    run.ready('broker', 'store', 'collector', 'world')
    assert.deepEqual(run.beating(60_000, 'broker', 'store', 'collector', 'world'), [])
    assert.deepEqual(run.beating(SILENT_MS - 1_500, 'broker', 'collector', 'world'), [])
    assert.deepEqual(run.beating(3_000, 'broker', 'collector', 'world'), ['kill store'])
    run.exit('store', 'signal SIGKILL')
    assert.deepEqual(run.beating(500, 'broker', 'collector', 'world'), ['start store'])
    run.ready('store')
    assert.deepEqual(run.beating(SILENT_MS - 1_000, 'broker', 'collector', 'world'), [])
    assert.deepEqual([run.state.children['store']!.restarts, run.state.failure], [1, undefined])
  })

  it('kills nobody after a pause of its own, as of a suspended machine', () => {
    const run = play()
    run.ready('broker', 'store', 'collector', 'world')
    assert.deepEqual(run.paused(8 * 3_600_000), [])
    assert.deepEqual(run.beating(SILENT_MS - 500, 'broker', 'store'), [])
    assert.deepEqual(run.beating(1_000, 'broker', 'store'), ['kill collector', 'kill world'])
  })

  it('lets one finish while the others go on', () => {
    const run = play()
    run.ready('broker', 'store', 'collector', 'world')
    assert.deepEqual(run.send({ type: 'finish', name: 'world' }), ['stop world'])
    assert.deepEqual(run.exit('world'), [])
    assert.deepEqual(run.after(60_000), [])
    assert.equal(run.state.children['world']!.phase, 'ended')
    assert.deepEqual(run.send({ type: 'stop' }), ['stop collector'])
  })

  it('does not wait for what rests when everything stops', () => {
    const run = play()
    run.ready('broker', 'store', 'collector', 'world')
    run.exit('world')
    run.exit('store')
    assert.deepEqual(run.send({ type: 'stop' }), ['stop collector'])
    assert.deepEqual(run.exit('collector'), ['stop broker'])
  })

  it('whatever happens, runs each at most once, and a stop ends all', () => {
    const event = fc.record({
      type: fc.constantFrom('tick', 'ready', 'beat', 'exited', 'finish'),
      name: fc.constantFrom(...specs.map(({ name }) => name)),
      ms: fc.nat(3_000),
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const running = new Set<string>()
        const note = (actions: string[]): void => {
          for (const [verb, name] of actions.map((action) => action.split(' ') as [string, string])) {
            if (verb === 'start') assert.ok(!running.has(name), `${name} runs twice`)
            if (verb === 'start') running.add(name)
            else assert.ok(running.has(name), `${verb} of ${name}, which does not run`)
          }
        }
        const run = play()
        note(run.begun)
        for (const { type, name, ms } of events) {
          note(run.after(ms))
          if (type === 'exited' && !running.delete(name)) continue
          if ((type === 'ready' || type === 'beat') && !running.has(name)) continue
          note(run.send({ type, name, reason: 'r' }))
        }
        note(run.send({ type: 'stop' }))
        for (let i = 0; i < 10; i++)
          for (const name of [...running])
            if (run.state.children[name]!.phase === 'stopping') {
              running.delete(name)
              note(run.exit(name))
            }
        assert.ok(allEnded(run.state))
        assert.equal(running.size, 0)
      }),
    )
  })
})
