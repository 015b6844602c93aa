/**
 * Detection at run time: every 15 s the unsettled minutes of every live clock pass through its monitor. Incidents and
 * the checkpoint are stored before notifications are sent. A failure is treated as a restart: the checkpoint in memory
 * is dropped and read again.
 */
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/index.ts'
import { errorMessage } from '../../platform/errors.ts'
import { startJobs, type Job } from '../../platform/jobs/index.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { RunningRole } from '../../platform/role.ts'
import type { Post } from '../../platform/webhook.ts'
import { loadCheckpoint, saveCheckpoint, type Checkpoint } from './checkpoint.ts'
import { createMeters } from './meters.ts'
import { ongoing } from './incidents.ts'
import { standingsOf, type OperatorAction } from './operators.ts'
import { DEFAULTS, type ThresholdRule } from './options.ts'
import { openDelivery } from './delivery.ts'
import { logLine } from './payloads.ts'
import { actionsQuery } from './stored.ts'
import { bounded, delivered, heads, notify, type Notification } from './notifications.ts'
import { changedSince, watched, type Watching } from './watched.ts'

/** A clock with events: `received` is wall time, `watermark` is event time; ms. */
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
  /** The receiver of notifications; if absent, incidents are only logged. */
  readonly post?: Post | undefined
}

/**
 * A fault is named at most 40 s after its first excess (measured with a round every 5 s), so with this interval it
 * stays within a minute.
 */
export const ROUND_MS = 15_000
/** Without events for longer than this a clock stands still, and its open incidents stay open. */
const LIVE_MS = 600_000
/** Notifications that wait for the receiver: about 5 MB. */
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
  const checkpoints = new Map<string, Checkpoint>()
  const inTurn = openTurns()
  const meters = createMeters(metrics)

  /**
   * Changes the checkpoint of a clock, one change at a time; after any failure the stored checkpoint is authoritative.
   */
  const change = (name: string, make: (checkpoint: Checkpoint) => Promise<Checkpoint>): Promise<void> =>
    inTurn(async () => {
      try {
        checkpoints.set(name, await make(await loadCheckpoint(store, name, checkpoints.get(name))))
      } catch (error) {
        checkpoints.delete(name)
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
            [...checkpoints].flatMap(([name, { notifications }]) =>
              heads(notifications).map((notification) => ({ clock: name, notification })),
            ),
          settle: (name, id) =>
            change(name, (checkpoint) =>
              saveCheckpoint(
                store,
                { ...checkpoint, notifications: delivered(checkpoint.notifications, id) },
                [],
                clock.now(),
              ),
            ),
        })

  const round = async (checkpoint: Checkpoint, watermark: number): Promise<Checkpoint> => {
    const monitor = await watched(checkpoint.monitor, watermark, watching)
    const { sent } = checkpoint.notifications
    const ids = new Set(
      [
        ...ongoing(monitor.incidents, monitor.clock),
        ...monitor.incidents.all.filter(({ id }) => sent[id]?.as.startsWith('ended') === false),
      ].map(({ id }) => id),
    )
    const standings = standingsOf(ids.size === 0 ? [] : await store.rows<OperatorAction>(actionsQuery([...ids])))
    const { notifications, fresh } = notify(checkpoint.notifications, monitor.incidents.all, standings, watermark)
    const { notifications: kept, dropped } = bounded(
      post === undefined ? { ...notifications, outbox: [] } : notifications,
      MAX_WAITING,
    )
    const next = await saveCheckpoint(
      store,
      { ...checkpoint, monitor, notifications: kept },
      changedSince(checkpoint.monitor, monitor),
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
      if (!watching.stopped()) await change(name, (checkpoint) => round(checkpoint, watermark)).catch(failed(name))
    // A clock without new events may still have notifications waiting.
    if (first)
      for (const { clock: name } of silent)
        await change(name, (checkpoint) => Promise.resolve(checkpoint)).catch(failed(name))
    for (const { clock: name } of silent)
      if (checkpoints.get(name)?.notifications.outbox.length === 0) checkpoints.delete(name)
  }
  let first = true
  const job: Job = {
    name: 'detect.rounds',
    idleMs: ROUND_MS,
    // Nothing is more urgent than a round, so the job does not rest between steps.
    share: 1,
    async step() {
      const begun = clock.now()
      await clocks()
        .then((heard) => lookAt(heard, first))
        .then(() => {
          first = false
          meters.round((clock.now() - begun) / 1_000)
        }, failed('all'))
      meters.known(checkpoints.values())
      delivery?.wake()
      return 0
    },
  }
  const rounds = startJobs({ jobs: [job], clock, logger, metrics, budget: 1 })
  return {
    done: rounds.done,
    async stop() {
      stopping.abort()
      await rounds.stop()
      await delivery?.ended()
    },
  }
}

/** At `warn`, which is logged unless only `error` was requested: incidents are the main reason to read the log. */
function logAll(logger: Logger, fresh: readonly Notification[], dropped: readonly Notification[]): void {
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

/** Runs tasks one at a time, in the order they came; a failure affects only its caller. */
function openTurns(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}
