import { errorCode, errorMessage, PlayloopError } from '../errors.ts'
import { toChild, type Fault, type FromChild, type Info, type Json, type Stats } from './protocol.ts'

/** The child's side of the channel; without a supervisor everything is a no-op. */
export interface Parent {
  ready(info: Info): void
  failed(error: unknown): Promise<void>
}

export interface ChildDuties {
  /** Called when the supervisor asks for a stop or is gone. */
  stop(reason: string): void
  stats(): Stats
  /** Queries that this role answers, by name. */
  readonly answers: Readonly<Record<string, () => Promise<Json>>>
}

const STATS_MS = 1_000

/** Connects a role to the supervisor that started this process. */
export function serveParent(duties: ChildDuties): Parent {
  if (process.send === undefined) return { ready: () => undefined, failed: () => Promise.resolve() }
  process.on('message', (raw) => {
    const message = toChild(raw)
    if (message?.type === 'stop') {
      // The supervisor keeps the last stats it receives.
      send({ type: 'stats', stats: duties.stats() })
      duties.stop('the supervisor says so')
    } else if (message?.type === 'ask') void answer(duties, message.id, message.question)
  })
  const gone = (): void => duties.stop('the supervisor is gone')
  // It may have died while this process was loading its modules.
  if (process.connected) process.once('disconnect', gone)
  else gone()
  return {
    ready(info) {
      send({ type: 'ready', info })
      setInterval(() => send({ type: 'stats', stats: duties.stats() }), STATS_MS).unref()
    },
    failed: (error) => new Promise((resolve) => send({ type: 'failed', fault: faultOf(error) }, resolve)),
  }
}

/** Sends the final stats of a child, after it has drained. */
export const lastStats = (stats: Stats): Promise<void> =>
  new Promise((resolve) => send({ type: 'stats', stats }, resolve))

async function answer({ answers }: ChildDuties, id: number, question: string): Promise<void> {
  const own = answers[question]
  try {
    if (own === undefined) throw new Error(`this role cannot answer "${question}"`)
    send({ type: 'answer', id, value: await own() })
  } catch (error) {
    send({ type: 'refusal', id, fault: faultOf(error) })
  }
}

export function faultOf(error: unknown): Fault {
  return {
    code: errorCode(error),
    message: errorMessage(error),
    next: error instanceof PlayloopError ? error.next : '',
  }
}

/** A message to a closed channel is dropped: `disconnect` has already stopped the child. */
function send(message: FromChild, then: () => void = () => undefined): void {
  if (process.send === undefined || !process.connected) return then()
  process.send(message, () => then())
}
