/**
 * Detection as it runs: every 15 s the minutes of every live clock that are not settled go through its monitor;
 * incidents and all that is
 * known stand in the store before anybody is told. A failure is a restart: what is in memory is dropped and read again.
 */
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/index.ts'
import { errorMessage } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { RunningRole } from '../../platform/role.ts'
import type { Post } from '../../platform/webhook.ts'
import { recall, remember, type Memory } from './memory.ts'
import { createMeters } from './meters.ts'
import { ongoing } from './incidents.ts'
import { standingsOf, type OperatorAction } from './operators.ts'
import { DEFAULTS, type ThresholdRule } from './options.ts'
import { openDelivery } from './delivery.ts'
import { logLine } from './payloads.ts'
import { actionsQuery } from './stored.ts'
import { bounded, delivered, heads, tell, type Notice } from './telling.ts'
import { changedSince, watched, type Watching } from './watched.ts'

/** A clock as it was heard: `received` is wall time, `watermark` the clock's; ms. */
export interface HeardClock {
  readonly clock: string
  readonly received: number
  readonly watermark: number
}

export interface DetectionOptions {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly clocks: () => Promise<readonly HeardClock[]>
  readonly minutes: Watching['minutes']
  readonly rules: readonly ThresholdRule[]
  /** Who is told beside the log. */
  readonly post?: Post | undefined
}

/** A fault is named at most 40 s after its first excess (measured at a look every 5 s): so it stays within a minute. */
export const ROUND_MS = 15_000
/** A clock not heard for longer stands still, and what is open on it stays so. */
const LIVE_MS = 600_000
/** Notices that wait for the receiver: some 5 MB. */
const MAX_WAITING = 1_000

export function startDetection({
  store,
  clock,
  logger,
  metrics,
  clocks,
  minutes,
  rules,
  post,
}: DetectionOptions): RunningRole {
  const stopping = new AbortController()
  const watching: Watching = { minutes, options: { ...DEFAULTS, rules }, stopped: () => stopping.signal.aborted }
  const memories = new Map<string, Memory>()
  const inTurn = openTurns()
  const meters = createMeters(metrics)

  /** Changes what is known of a clock, alone; whatever fails, the store decides what is known. */
  const change = (name: string, make: (memory: Memory) => Promise<Memory>): Promise<void> =>
    inTurn(async () => {
      try {
        memories.set(name, await make(await recall(store, name, memories.get(name))))
      } catch (error) {
        memories.delete(name)
        throw error
      }
    })
  const delivery =
    post === undefined
      ? undefined
      : openDelivery({
          clock,
          logger,
          signal: stopping.signal,
          post: async (message) => {
            const posted = await post(message)
            meters.posted(posted.fate)
            return posted
          },
          waiting: () =>
            [...memories].flatMap(([name, { telling }]) => heads(telling).map((notice) => ({ clock: name, notice }))),
          settle: (name, id) =>
            change(name, (memory) =>
              remember(store, { ...memory, telling: delivered(memory.telling, id) }, [], clock.now()),
            ),
        })

  const round = async (memory: Memory, watermark: number): Promise<Memory> => {
    const monitor = await watched(memory.monitor, watermark, watching)
    const told = memory.telling.told
    const ids = new Set(
      [
        ...ongoing(monitor.incidents, monitor.clock),
        ...monitor.incidents.all.filter(({ id }) => told[id]?.as.startsWith('ended') === false),
      ].map(({ id }) => id),
    )
    const standings = standingsOf(ids.size === 0 ? [] : await store.rows<OperatorAction>(actionsQuery([...ids])))
    const { telling, fresh } = tell(memory.telling, monitor.incidents.all, standings, watermark)
    const { telling: kept, dropped } = bounded(post === undefined ? { ...telling, outbox: [] } : telling, MAX_WAITING)
    const next = await remember(
      store,
      { ...memory, monitor, telling: kept },
      changedSince(memory.monitor, monitor),
      clock.now(),
    )
    logAll(logger, fresh, dropped)
    return next
  }
  const isLive = ({ received }: HeardClock): boolean => received >= clock.now() - LIVE_MS
  const failed =
    (name: string) =>
    (error: unknown): void => {
      meters.failed()
      logger.warn({ clock: name, error: errorMessage(error) }, 'a clock was not looked at for incidents, trying again')
    }

  const lookAt = async (heard: readonly HeardClock[], first: boolean): Promise<void> => {
    const [live, silent] = [heard.filter(isLive), heard.filter((each) => !isLive(each))]
    for (const { clock: name, watermark } of live)
      if (!watching.stopped()) await change(name, (memory) => round(memory, watermark)).catch(failed(name))
    // Of a clock that fell silent somebody may have to be told what was last known.
    if (first)
      for (const { clock: name } of silent) await change(name, (memory) => Promise.resolve(memory)).catch(failed(name))
    for (const { clock: name } of silent) if (memories.get(name)?.telling.outbox.length === 0) memories.delete(name)
  }
  const rounds = async (): Promise<void> => {
    for (let first = true; !stopping.signal.aborted;) {
      const begun = clock.now()
      await clocks()
        .then((heard) => lookAt(heard, first))
        .then(() => {
          first = false
          meters.round((clock.now() - begun) / 1_000)
        }, failed('all'))
      meters.known(memories.values())
      delivery?.wake()
      await clock.sleep(ROUND_MS, stopping.signal).catch(() => undefined)
    }
  }
  const done = rounds()
  return {
    done,
    async stop() {
      stopping.abort()
      await done
      await delivery?.ended()
    },
  }
}

/** At `warn`, which is logged unless it was asked for silence: incidents are what the log is read for. */
function logAll(logger: Logger, fresh: readonly Notice[], dropped: readonly Notice[]): void {
  for (const { body } of fresh) {
    const { fields, message } = logLine(body.incident)
    logger.warn({ ...fields, notice: body.id, type: body.type }, message)
  }
  if (dropped.length > 0)
    logger.error(
      { notices: dropped.map(({ id }) => id) },
      'the receiver of incidents was away for too long: these are not sent',
    )
}

/** One at a time, in the order they came; a failure is the caller's alone. */
function openTurns(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}
