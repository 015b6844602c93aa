import type { DecisionRecord, RolloutEvent, StoredDecision } from '../../models/experiments/index.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'

/** What a webhook may be subscribed to. */
export const EVENTS = [
  'experiment.decided',
  'experiment.create',
  'experiment.start',
  'experiment.ramp',
  'experiment.reweigh',
  'experiment.pause',
  'experiment.resume',
  'experiment.stop',
  'experiment.archive',
  'experiment.kill',
  'experiment.unkill',
  'experiment.guard',
  'rollout.announced',
  'rollout.withdrawn',
  'rollout.undone',
  'rollout.done',
] as const
export type EventType = (typeof EVENTS)[number]

/** A stored fact that is sent: its id is that of the message, the same for every attempt and receiver. */
export interface Fact {
  readonly id: string
  readonly type: EventType
  readonly body: string
  /** When it was stored, ms. */
  readonly at: number
}

/** The payload in the form of Standard Webhooks: `type`, `timestamp`, `data`. Pure. */
export function payloadOfFact({ type, body, at }: Fact): string {
  const fact = JSON.parse(body) as unknown
  const data =
    type === 'experiment.decided'
      ? ofDecision(fact as StoredDecision)
      : type.startsWith('rollout.')
        ? (fact as RolloutEvent)
        : ofRevision(fact as RegisteredExperiment)
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
}

/** Without the figures: they are asked for by the record's number. */
function ofDecision({ sha256, record }: StoredDecision) {
  const { shown, previous: _, ...decided }: DecisionRecord = record
  const { revision, watermark, verdict, headline, reasons } = shown
  return { ...decided, sha256, shown: { revision, watermark, verdict, headline, reasons } }
}

const ofRevision = ({
  id,
  name,
  revision,
  action,
  by,
  at,
  state,
  killed,
  decision,
  bucketing,
}: RegisteredExperiment) => ({
  ...{ experiment: id, name, revision, action, by, at, state, killed, coverage: bucketing.coverage },
  ...(decision !== undefined && { decision }),
})
