import {
  decisionOf,
  decisionsOn,
  differencesOf,
  fingerprint,
  inWords,
  isIntact,
  sampleRatio,
  scorecardOf,
  storeDecision,
  type ArmCount,
  type DecisionRecord,
  type Difference,
  type Shown,
  type StoredDecision,
} from '../../models/experiments/index.ts'
import type { Cut } from '../../platform/audit.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { uuidV7 } from '../../platform/ids.ts'
import type { Random } from '../../platform/random.ts'
import { metricsOf, type RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { metricKey } from '../../schemas/experiments/metric.ts'
import { arms, asOf, cutOf, passedCut } from '../../streams/experiments/index.ts'
import { sessionsBefore } from '../../streams/qoe/index.ts'
import { fail } from '../errors.ts'
import type { Bases } from './basis.ts'
import { refuse } from './faulty.ts'
import type { DecisionOrder } from './schema.ts'
import type { ExperimentService, Who } from './service.ts'

/** A decision in the list of those on one experiment. */
export interface ListedDecision extends Omit<DecisionRecord, 'shown' | 'previous' | 'experiment'> {
  readonly sha256: string
  readonly revision: number
  readonly watermark: number
  readonly verdict: Shown['verdict']
  readonly headline: string
  /** Whether its operation was carried out; null if it has none. False: the experiment had changed in between. */
  readonly carriedOut: boolean | null
}

/** Whether what was shown comes out of the log again. */
export interface Reproduction {
  readonly experiment: string
  readonly number: number
  /** Byte for byte. */
  readonly same: boolean
  /** Whether the record itself is as it was written, and follows the one before it. */
  readonly intact: boolean
  /** SHA-256 of what was recorded, and of what came out. */
  readonly recorded: string
  readonly found: string
  readonly differences: readonly Difference[]
}

export interface DecisionRecords {
  decide(id: string, order: DecisionOrder & { readonly automatic?: boolean }, who?: Who): Promise<StoredDecision>
  list(id: string): Promise<{ decisions: ListedDecision[] }>
  one(id: string, number: number): Promise<StoredDecision>
  reproduce(id: string, number: number): Promise<Reproduction>
}

export interface DecisionRecordDeps {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly bases: Pick<Bases, 'open' | 'sums'>
  readonly experiments: Pick<ExperimentService, 'one' | 'revisions' | 'act'>
}

/** Decisions as immutable records of what was shown, which come out of the log again byte for byte. */
export function openRecords({ store, clock, random, bases, experiments }: DecisionRecordDeps): DecisionRecords {
  /** One at a time: each takes memory and the connection that jobs write by. */
  let queue: Promise<unknown> = Promise.resolve()
  const look = (experiment: RegisteredExperiment, cut: Cut, watermark: number): Promise<Shown> => {
    const name = Buffer.from(uuidV7(clock.now(), random)).toString('hex')
    const made = queue.then(() =>
      asOf({ store, experiment, cut, sessionsBefore, name }, async ({ exposures, outcomes }) => {
        const metrics = metricsOf(experiment).filter(({ kind }) => kind !== 'quantile')
        const enrolled = { clock: experiment.clock, experiment: experiment.id, unit: experiment.unit }
        const [rows, counts] = [
          await bases.sums({ experiment, metrics, now: watermark, outcomes }),
          await store.rows<ArmCount>(arms(enrolled, undefined, exposures)),
        ]
        const { cells } = scorecardOf(experiment, [{ slice: null, rows }], watermark)
        return shownOf(experiment, cut, watermark, { cells, health: sampleRatio(experiment, counts) })
      }),
    )
    queue = made.catch(() => undefined)
    return made
  }
  const now = async (experiment: RegisteredExperiment, at: number | undefined): Promise<Shown> => {
    const { basis } = await bases.open(experiment.id, at)
    const cut = await passedCut(store, clock, experiment)
    if (cut === undefined) throw fail('API_OUTCOMES_BEHIND', { id: experiment.id })
    return look(experiment, cut, basis.watermark)
  }
  const write = async (make: Omit<DecisionRecord, 'number' | 'previous'>): Promise<StoredDecision> => {
    for (;;) {
      const last = (await decisionsOn(store, make.experiment)).at(-1)
      const stored = await storeDecision(store, {
        ...make,
        number: (last?.record.number ?? 0) + 1,
        previous: last?.sha256 ?? '',
      })
      if (stored !== undefined) return stored
    }
  }
  const one = async (id: string, number: number): Promise<StoredDecision & { before: StoredDecision | undefined }> => {
    await experiments.one(id)
    const all = await decisionsOn(store, id)
    const at = all.findIndex(({ record }) => record.number === number)
    if (at === -1) throw fail('API_DECISION_UNKNOWN', { id, number })
    return { ...all[at]!, before: all[at - 1] }
  }

  return {
    async decide(id, { as_of: asked, operation, revision, ...order }, who) {
      const experiment = await experiments.one(id)
      if (revision !== undefined && revision !== experiment.revision)
        throw fail('API_EXPERIMENT_MOVED', { id, revision: experiment.revision })
      checkOrder(experiment, order)
      const base = {
        experiment: id,
        choice: order.choice,
        variation: order.variation ?? null,
        note: order.note ?? '',
        by: order.by,
        at: clock.now(),
        automatic: order.automatic ?? false,
      }
      const wanted = operation ?? (order.choice === 'roll back' ? ({ action: 'stop' } as const) : undefined)
      if (wanted === undefined) return write({ ...base, operation: null, shown: await now(experiment, asked) })
      let stored: StoredDecision | undefined
      // The record first: what was done always has its reason. Killed in between, it says that it was not carried out.
      await experiments.act(
        id,
        wanted.action,
        { ...wanted, by: order.by, revision: experiment.revision },
        {
          who,
          async before(next) {
            const done = { ...wanted, revision: next.revision }
            stored = await write({ ...base, operation: done, shown: await now(experiment, asked) })
            return { ...next, decision: stored.record.number }
          },
        },
      )
      return stored!
    },
    async list(id) {
      const [{ revisions }, all] = [await experiments.revisions(id), await decisionsOn(store, id)]
      return { decisions: all.map((each) => listed(each, revisions)).toReversed() }
    },
    async one(id, number) {
      const { sha256, record } = await one(id, number)
      return { sha256, record }
    },
    async reproduce(id, number) {
      const { record, sha256, before } = await one(id, number)
      const { shown } = record
      const revision = (await experiments.revisions(id)).revisions.find((each) => each.revision === shown.revision)!
      const found = JSON.parse(JSON.stringify(await look(revision, cutOf(shown.offsets), shown.watermark))) as unknown
      const prints = { recorded: fingerprint(shown), found: fingerprint(found) }
      return {
        experiment: id,
        number,
        same: prints.recorded === prints.found,
        intact: isIntact({ record, sha256 }, before),
        ...prints,
        differences: differencesOf(shown, found),
      }
    },
  }
}

function checkOrder(
  { state, variations }: RegisteredExperiment,
  { choice, variation }: Pick<DecisionOrder, 'choice' | 'variation'>,
): void {
  if (state === 'draft') refuse([{ at: 'choice', problem: 'is about an experiment that was started' }])
  if (variation !== undefined && variations[variation] === undefined)
    refuse([{ at: 'variation', problem: `must be from 0 to ${variations.length - 1}` }])
  if (choice === 'ship' && variation === undefined) refuse([{ at: 'variation', problem: 'is the arm that is shipped' }])
}

function shownOf(
  experiment: RegisteredExperiment,
  cut: Cut,
  watermark: number,
  { cells, health }: Pick<Shown, 'cells' | 'health'>,
): Shown {
  const { arms: each, reasons: facts, ...verdict } = decisionOf(experiment, { cells, health }, watermark)
  return {
    form: 1,
    revision: experiment.revision,
    watermark,
    offsets: cut.map(({ topic, partition, end }) => ({ topic, partition, offset: end })),
    definitions: metricsOf(experiment).map(metricKey),
    ...verdict,
    ...inWords(experiment, { ...verdict, reasons: facts }),
    facts,
    arms: each,
    health,
    cells,
  }
}

function listed(
  { sha256, record: { shown, previous: _, experiment: __, ...record } }: StoredDecision,
  revisions: readonly RegisteredExperiment[],
): ListedDecision {
  const made = revisions.find(({ revision }) => revision === record.operation?.revision)
  return {
    ...record,
    sha256,
    revision: shown.revision,
    watermark: shown.watermark,
    verdict: shown.verdict,
    headline: shown.headline,
    carriedOut: record.operation === null ? null : made?.decision === record.number,
  }
}
