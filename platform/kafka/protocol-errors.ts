import { errorTable, PlayloopError } from '../errors.ts'

/** Errors of the log as seen by the sink. */
export const fail = errorTable({
  KAFKA_UNREACHABLE: {
    status: 503,
    message: 'no broker of {brokers} answers: {reason}',
    next: 'is the broker running? check KAFKA_BROKERS; playloop keeps trying',
  },
  KAFKA_NO_LEADER: {
    status: 503,
    message: '{topic}/{partition} has no leader',
    next: 'wait for the election; if it lasts, look at the brokers',
  },
  KAFKA_NO_COORDINATOR: {
    status: 503,
    message: 'group {group} has no coordinator yet',
    next: 'wait; a fresh broker needs a moment to create its offsets topic',
  },
  KAFKA_OFFSET_OUT_OF_RANGE: {
    status: 500,
    message: '{topic}/{partition} was to be read at {offset}, but the log holds [{start}, {end})',
    next: 'records are gone before they were landed: see "gap" in docs/runbook.md; nothing resets itself',
  },
  KAFKA_REFUSED: {
    status: 503,
    message: '{request} was refused by the broker with error {kafkaCode}',
    next: 'see the Kafka error codes; playloop tries again where that can help',
  },
  KAFKA_INSTANCE_TAKEN: {
    status: 409,
    message: 'another process runs in group {group} as {instanceId}',
    next: 'end one of the two, or give each a name of its own (PLAYLOOP_SINK_INSTANCE)',
  },
  KAFKA_FENCED: {
    status: 409,
    message: 'the membership in group {group} is over (generation {generation}, error {kafkaCode})',
    next: 'nothing: another sink owns the partitions now, this one joins again',
  },
})

/** Kafka error codes that mean the generation has ended and its further work must not count. */
const FENCING = new Set([22, 25, 27, 82]) // ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS, FENCED_INSTANCE_ID
/** Error codes that refreshed metadata resolves. */
const STALE = new Set([3, 5, 6, 13, 14, 15, 16, 74, 75, 100]) // unknown topic, no leader, not leader, network, loading, no coordinator, not coordinator, leader epochs, unknown topic id

export const isFencing = (kafkaCode: number): boolean => FENCING.has(kafkaCode)
export const isStale = (kafkaCode: number): boolean => STALE.has(kafkaCode)

/** True for errors that mean the generation has ended. */
export const isFenced = (error: unknown): boolean => error instanceof PlayloopError && error.code === 'KAFKA_FENCED'

/** Kafka's error code from an error of the client library; 0 if there is none (network, timeout). */
export function kafkaCode(error: unknown): number {
  const { apiCode, errors } = error as { apiCode?: unknown; errors?: unknown }
  if (typeof apiCode === 'number') return apiCode
  if (!Array.isArray(errors)) return 0
  for (const inner of errors as unknown[]) {
    const code = kafkaCode(inner)
    if (code !== 0) return code
  }
  return 0
}
