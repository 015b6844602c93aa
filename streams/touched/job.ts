import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { errorMessage } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { RunningRole } from '../../platform/role.ts'
import type { TopicName } from '../../schemas/topics.ts'
import type { TouchedDomain } from './domain.ts'
import { idReuse, MAX_REUSES, progress, saveProgress, type IdReuse } from './queries.ts'
import { number, recomputeStep, settle, type Memory, type StepResult } from './step.ts'

export interface TouchedOptions {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  /** Shortest rest between two batches of a domain that has caught up, ms. */
  readonly restMs?: number
  /** Told after each batch of keys that was replaced. */
  readonly onRecomputed?: (domain: TouchedDomain) => void
  /**
   * Told of events that reuse the id of another, by place; told again until it resolves. The sink makes dead letters of
   * them.
   */
  readonly onIdReuse?: (topic: TopicName, reuses: readonly IdReuse[]) => Promise<void>
}

export interface RunningTouched extends RunningRole {
  /** Something landed: who waits for the next look, looks now. */
  wake(topic: TopicName): void
  /** Resolves when every domain has dealt with all that had landed at the call. */
  settled(): Promise<void>
}

/** A recomputation may take a fifth of a core: the dearer it gets, the longer the rest. */
const REST_FACTOR = 4
/** After a failure: the store may be restarting. */
const RETRY_MS = 2_000
/** Ids are compared with all ids there are, which reads a column whole: not with every batch. */
const ID_CHECK_MS = 60_000

/** Keeps the domains recomputed until it is stopped. Several at once do no harm: they write equal rows. */
export function startTouched(options: TouchedOptions, domains: readonly TouchedDomain[]): RunningTouched {
  const { store, clock, logger, restMs = 2_000, onRecomputed } = options
  const stopping = new AbortController()
  const bells = new Map<TouchedDomain, AbortController>()
  /**
   * Between two looks: whoever lands something ends it. The rest after work is kept, or a busy sink would leave none.
   */
  const idle = async (domain: TouchedDomain): Promise<void> => {
    const bell = new AbortController()
    bells.set(domain, bell)
    await clock.sleep(restMs, AbortSignal.any([stopping.signal, bell.signal])).catch(() => undefined)
  }
  const rest = (ms: number): Promise<void> => clock.sleep(ms, stopping.signal).catch(() => undefined)
  const keep = async (domain: TouchedDomain): Promise<void> => {
    const checkIds = idCheck(options, domain)
    const memory: Memory = {}
    while (!stopping.signal.aborted) {
      const started = clock.now()
      try {
        const step = await recomputeStep(store, domain, undefined, memory)
        if (step.marks > 0) onRecomputed?.(domain)
        await checkIds(step)
        if (step.marks > 0) await rest((clock.now() - started) * REST_FACTOR)
        else await idle(domain)
      } catch (error) {
        logger.warn(
          { domain: domain.name, error: errorMessage(error) },
          'touched keys were not recomputed, trying again',
        )
        await rest(RETRY_MS)
      }
    }
  }
  const done = Promise.all(domains.map(keep)).then(() => undefined)
  return {
    done,
    wake(topic) {
      for (const [domain, bell] of bells) if (domain.topic === topic) bell.abort()
    },
    async settled() {
      for (const domain of domains) await settle(store, domain)
    },
    async stop() {
      stopping.abort()
      await done
    },
  }
}

/**
 * Reports reused ids among what was recomputed since the last check; how far it came stands in the store, so that a
 * kill leaves none out.
 */
function idCheck(
  { store, clock, onIdReuse }: TouchedOptions,
  domain: TouchedDomain,
): (step: StepResult) => Promise<void> {
  let due = clock.now()
  let after: number | undefined
  return async ({ cursor }) => {
    if (onIdReuse === undefined || clock.now() < due) return
    after ??= await number(store.rows<{ cursor: string }>(progress(domain, 'ids')), 'cursor')
    if (cursor <= after) return
    due = clock.now() + ID_CHECK_MS
    for (let past: IdReuse | undefined, more = true; more;) {
      const reuses = await store.rows<IdReuse>(idReuse(domain, { after, upTo: cursor }, past))
      if (reuses.length > 0) await onIdReuse(domain.topic, reuses)
      past = reuses.at(-1)
      more = reuses.length === MAX_REUSES
    }
    await store.exec(saveProgress(domain, cursor, 'ids'))
    after = cursor
  }
}
