import type { Clock } from '../clock.ts'
import { faultOf } from './child.ts'
import { fail } from './errors.ts'
import type { Fault, FromChild, Info, Json, Stats } from './protocol.ts'
import { runChild, type ChildCommand, type ChildHandle } from './run-child.ts'
import {
  allEnded,
  allReady,
  begin,
  reasonOf,
  step,
  type ChildSpec,
  type Phase,
  type Supervision,
  type SupervisionAction,
  type SupervisionEvent,
} from './supervision.ts'

/** A process to supervise. */
export interface ProcessSpec extends ChildSpec {
  /**
   * Builds the command at each start, from what every process published when it was ready, including this one's
   * previous run.
   */
  command(infos: ReadonlyMap<string, Info>): ChildCommand
}

export interface ProcessChange {
  readonly name: string
  readonly phase: Phase
  readonly pid?: number | undefined
  /** True for a restart. */
  readonly again?: boolean
  /** How it ended. */
  readonly how?: string
}

export interface Supervisor {
  /** Resolves when all are ready; rejects with PROCESS_FAILED if one cannot be started. */
  readonly ready: Promise<void>
  /** Resolves when all have ended; rejects if no stop was requested. */
  readonly done: Promise<void>
  info(name: string): Info
  /** Last stats of a process; during a restart those of its previous run. */
  stats(name: string): Stats
  pid(name: string): number | undefined
  restarts(): number
  /** Sends a query to a process; rejects with PROCESS_NO_ANSWER. */
  ask(name: string, question: string, limitMs: number): Promise<Json>
  /** Stops one process for good; resolves when it has ended. */
  finish(name: string): Promise<void>
  /** Stops all in order. */
  stop(): Promise<void>
  /** Ends all at once. */
  kill(): Promise<void>
}

export interface SupervisorOptions {
  /** Monotonic. */
  readonly clock: Clock
  readonly changed?: (change: ProcessChange) => void
  readonly run?: typeof runChild
}

const TICK_MS = 50

export function startSupervisor(
  specs: readonly ProcessSpec[],
  { clock, changed = () => undefined, run = runChild }: SupervisorOptions,
): Supervisor {
  const handles = new Map<string, ChildHandle>()
  const infos = new Map<string, Info>()
  const stats = new Map<string, Stats>()
  const faults = new Map<string, Fault>()
  const questions = new Map<number, { name: string; settle: (answer: Answer) => void }>()
  const waiting = new Set<() => boolean>()
  const ready = Promise.withResolvers<void>()
  const done = Promise.withResolvers<void>()
  // A caller may await only one of the two promises.
  ready.promise.catch(() => undefined)
  done.promise.catch(() => undefined)
  let state: Supervision
  let nextQuestion = 0

  const send = (event: Unstamped<SupervisionEvent>): void => take(step(specs, state, { ...event, now: clock.now() }))

  const take = ({ state: next, actions }: { state: Supervision; actions: readonly SupervisionAction[] }): void => {
    state = next
    for (const action of actions) act(action)
    if (allReady(state)) ready.resolve()
    for (const look of [...waiting]) if (look()) waiting.delete(look)
    if (!allEnded(state)) return
    clearInterval(ticking)
    const error = failureOf(state, faults)
    if (error === undefined) done.resolve()
    else done.reject(error)
    ready.reject(error ?? new Error('stopped before all were ready'))
  }

  const act = (action: SupervisionAction): void => {
    const { name } = action
    if (action.do === 'start') return launch(name)
    if (action.do === 'kill') handles.get(name)?.signal('SIGKILL')
    else {
      changed({ name, phase: 'stopping' })
      handles.get(name)?.send({ type: 'stop' })
    }
  }

  const launch = (name: string): void => {
    const spec = specs.find((each) => each.name === name)!
    faults.delete(name)
    const handle = run(spec.command(infos), {
      message: (message) => hear(name, message),
      beat(heldMs) {
        if (heldMs !== undefined) faults.set(name, faultOf(fail('PROCESS_HELD', { name, heldMs })))
        send({ type: 'beat', name })
      },
      exited(signal) {
        handles.delete(name)
        const how = reasonOf(state.children[name]!, faults.get(name)?.message ?? signal)
        for (const { name: asked, settle } of [...questions.values()]) if (asked === name) settle({ error: how })
        send({ type: 'exited', name, reason: how })
        changed({ name, phase: state.children[name]!.phase, how })
      },
    })
    handles.set(name, handle)
    changed({ name, phase: 'starting', pid: handle.pid, again: infos.has(name) })
    // The stats of the previous run were readable until now.
    stats.delete(name)
  }

  const hear = (name: string, message: FromChild): void => {
    if (message.type === 'stats') stats.set(name, message.stats)
    else if (message.type === 'failed') faults.set(name, message.fault)
    else if (message.type === 'ready') {
      infos.set(name, message.info)
      changed({ name, phase: 'ready', pid: handles.get(name)?.pid })
      send({ type: 'ready', name })
    } else
      questions
        .get(message.id)
        ?.settle(
          message.type === 'answer'
            ? { value: message.value }
            : { error: `${message.fault.code}: ${message.fault.message}` },
        )
  }

  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): boolean => {
        if (!condition()) return false
        resolve()
        return true
      }
      if (!look()) waiting.add(look)
    })

  const ticking = setInterval(() => send({ type: 'tick' }), TICK_MS)
  state = { now: clock.now(), children: {}, stopping: false }
  take(begin(specs, clock.now()))
  return {
    ready: ready.promise,
    done: done.promise,
    info: (name) => infos.get(name) ?? {},
    stats: (name) => stats.get(name) ?? {},
    pid: (name) => handles.get(name)?.pid,
    restarts: () => Object.values(state.children).reduce((sum, child) => sum + child.restarts, 0),
    async ask(name, question, limitMs) {
      const id = nextQuestion++
      const late = setTimeout(() => questions.get(id)?.settle({ error: `no answer within ${limitMs} ms` }), limitMs)
      const answer = await new Promise<Answer>((settle) => {
        questions.set(id, { name, settle })
        const handle = handles.get(name)
        if (handle === undefined) settle({ error: 'it does not run' })
        else handle.send({ type: 'ask', id, question })
      })
      clearTimeout(late)
      questions.delete(id)
      if ('error' in answer) throw fail('PROCESS_NO_ANSWER', { name, question, reason: answer.error })
      return answer.value
    },
    finish(name) {
      send({ type: 'finish', name })
      return until(() => state.children[name]?.phase === 'ended')
    },
    stop() {
      send({ type: 'stop' })
      return until(() => allEnded(state))
    },
    kill() {
      send({ type: 'stop' })
      for (const handle of handles.values()) handle.signal('SIGKILL')
      return until(() => allEnded(state))
    },
  }
}

type Answer = { readonly value: Json } | { readonly error: string }
type Unstamped<E> = E extends unknown ? Omit<E, 'now'> : never

function failureOf({ failure }: Supervision, faults: ReadonlyMap<string, Fault>): Error | undefined {
  if (failure === undefined) return undefined
  const fault = faults.get(failure.name)
  const next =
    fault?.next === undefined || fault.next === '' ? 'read its log in the data folder under logs/' : fault.next
  return fail('PROCESS_FAILED', { ...failure, next }, fault)
}
