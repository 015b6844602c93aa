import type { Bucketing, RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { slipsOf } from '../assign/index.ts'
import type { Draft, Known, Need } from './draft.ts'

/** GrowthBook's fields as requested, with defaults for the others. */
export const bucketingOf = ({ id, bucketing = {} }: Pick<Draft, 'id' | 'bucketing'>): Bucketing => ({
  hashAttribute: 'id',
  hashVersion: 2,
  seed: id,
  coverage: 1,
  ...bucketing,
})

/** Expected format of a field, for error messages. */
const FORMS: Readonly<Record<string, string>> = {
  namespace: '["layer", from, to]',
  filters: '[{"seed": "layer", "ranges": [[from, to]]}]',
  condition: '{"attribute": {"$in": ["value"]}}',
  parentConditions: '[{"id": "holdout", "condition": {"value": "in"}}]',
}
export const formOf = (field: string): string =>
  `is not as GrowthBook has it${FORMS[field] === undefined ? '' : `: ${FORMS[field]}`}`

/** Checks beyond the format: mistakes in conditions, overlapping layers, missing prerequisites. */
export function checkBucketing(
  experiment: RegisteredExperiment,
  { experiments, groups }: Pick<Known, 'experiments' | 'groups'>,
  need: Need,
): void {
  const {
    hashAttribute,
    condition,
    namespace,
    filters = [],
    parentConditions = [],
    bucketVersion = 0,
    minBucketVersion = 0,
  } = experiment.bucketing
  const others = experiments.filter(
    ({ id, clock, state }) => id !== experiment.id && clock === experiment.clock && state !== 'archived',
  )
  checkCondition(condition, 'bucketing.condition', groups, need)
  checkRanges(namespace === undefined ? [] : [[namespace[1], namespace[2]]], 'bucketing.namespace', need)
  checkRanges(
    filters.flatMap(({ ranges }) => ranges),
    'bucketing.filters',
    need,
  )
  checkLayer(namespace, others, need)
  parentConditions.forEach((parent, at) => {
    const found = others.find(({ id }) => id === parent.id)
    need(
      found !== undefined,
      `bucketing.parentConditions.${at}.id`,
      `there is no experiment ${parent.id} on this clock, or it is archived`,
    )
    need(
      found === undefined || found.bucketing.hashAttribute === hashAttribute,
      `bucketing.parentConditions.${at}.id`,
      `${parent.id} buckets by ${found?.bucketing.hashAttribute}, this one by ${hashAttribute}: one unit could meet both of its answers`,
    )
    checkCondition(parent.condition, `bucketing.parentConditions.${at}.condition`, groups, need)
  })
  need(
    minBucketVersion <= bucketVersion,
    'bucketing.minBucketVersion',
    `must not be over bucketVersion, ${bucketVersion}: nobody could be bucketed`,
  )
  checkForced(experiment, groups, need)
}

export function checkCondition(condition: unknown, at: string, groups: readonly string[], need: Need): void {
  for (const slip of slipsOf(condition, groups)) need(false, at, slip)
}

const checkRanges = (ranges: readonly (readonly [number, number])[], at: string, need: Need): void =>
  need(
    ranges.every(([from, to]) => from >= 0 && from < to && to <= 1),
    at,
    'must lie within 0 and 1, and begin before it ends',
  )

/** Experiments that have ended release their part of the layer. */
function checkLayer(namespace: Bucketing['namespace'], others: readonly RegisteredExperiment[], need: Need): void {
  if (namespace === undefined) return
  const [name, from, to] = namespace
  for (const {
    id,
    state,
    bucketing: { namespace: other },
  } of others) {
    const isApart =
      state === 'stopped' || other === undefined || other[0] !== name || to <= other[1] || from >= other[2]
    need(
      isApart,
      'bucketing.namespace',
      `shares units of the layer ${name} with ${id}, which has ${other?.[1]} to ${other?.[2]}`,
    )
  }
}

function checkForced({ forced = [], variations }: RegisteredExperiment, groups: readonly string[], need: Need): void {
  forced.forEach(({ condition, variation }, at) => {
    need(
      variations.some(({ key }) => key === variation),
      `forced.${at}.variation`,
      `must be one of ${variations.map(({ key }) => key).join(', ')}`,
    )
    need(
      Object.keys(condition).length > 0,
      `forced.${at}.condition`,
      'must say who: an empty one is fulfilled by everybody',
    )
    checkCondition(condition, `forced.${at}.condition`, groups, need)
  })
}
