/**
 * Alerts on fixed limits, for service levels that an operator has promised: the same causes and incidents as anomalies,
 * but without a baseline.
 */
import { rankCauses, rowsOf, type Rows } from './cause.ts'
import { causeOf, DIMENSIONS, groupOf, groupsOf, orderOf, valuesOfKey, within, type Values } from './cells.ts'
import type { OpenMinute } from './minutes.ts'
import type { Finding } from './incidents.ts'
import { addTo, ATTEMPTS, CONCURRENT, emptyTally, METRICS, placesOf, STARTUP_MEAN, type Tally } from './metrics.ts'
import type { ThresholdRule } from './options.ts'

/** Findings for the rules that are broken in the newest minutes; a rule with an unknown metric is never broken. */
export const overThreshold = (open: readonly OpenMinute[], rules: readonly ThresholdRule[]): Finding[] =>
  rules.flatMap((rule) => findingOf(open, rule))

function findingOf(open: readonly OpenMinute[], rule: ThresholdRule): Finding[] {
  const places = placesOf(rule.metric)
  const window = newestWithSamples(open, rule)
  if (places === undefined || window.length < rule.minutes) return []
  const broken = brokenGroups(window, rule, places)
  if (broken.length === 0) return []
  const worst = broken.reduce((a, b) => (over(b.tally, rule, places) > over(a.tally, rule, places) ? b : a))
  const evidence = rankCauses(
    rowsOver(window, rule),
    METRICS.flatMap(({ name }, m) => (name === rule.metric ? [m] : [])),
    METRICS.map(({ dispersion }) => dispersion[0]),
  )
  const cause =
    evidence.find((each) => broken.some(({ group }) => group === groupOf(each.cause)))?.cause ?? causeOf(worst.group)
  const rate = rateOf(broken.find(({ group }) => group === groupOf(cause))?.tally ?? worst.tally, places)
  return [
    {
      cause,
      kind: 'threshold',
      rule: rule.name,
      metrics: [rule.metric],
      since: window[0]!.minute,
      evidence,
      rate,
      usualRate: rule.limit,
      affected: [],
      shadows: [],
    },
  ]
}

/** The newest `minutes` in which the rule can be evaluated; the open one is left out until it has enough samples. */
function newestWithSamples(
  open: readonly OpenMinute[],
  { minutes, leastSamples, metric, cause = {} }: ThresholdRule,
): readonly OpenMinute[] {
  const at = samplesPlace(metric)
  const enough = open.filter(
    ({ leaves }) =>
      Object.entries(leaves).reduce(
        (sum, [key, tally]) => (within(valuesOfKey(key), cause) ? sum + tally[at]! : sum),
        0,
      ) >= leastSamples,
  )
  return enough.slice(-minutes)
}

const samplesPlace = (metric: string): number =>
  ([...METRICS, STARTUP_MEAN].find(({ name }) => name === metric)?.samples ?? 'attempts') === 'attempts'
    ? ATTEMPTS
    : CONCURRENT

/** Groups over the limit in every minute of the window, with their sums. */
function brokenGroups(
  window: readonly OpenMinute[],
  rule: ThresholdRule,
  places: readonly [number, number],
): { group: string; tally: Tally }[] {
  const minutes = window.map(({ leaves }) => groupTallies(leaves, rule))
  const total = new Map<string, Tally>()
  for (const groups of minutes)
    for (const [group, tally] of groups) addTo(total.get(group) ?? total.set(group, emptyTally()).get(group)!, tally)
  const at = samplesPlace(rule.metric)
  const isOver = (tally: Tally | undefined): boolean =>
    tally !== undefined && tally[at]! >= rule.leastSamples && rateOf(tally, places) > rule.limit
  return [...total]
    .filter(([group]) => minutes.every((groups) => isOver(groups.get(group))))
    .map(([group, tally]) => ({ group, tally }))
}

/** The groups to which the rule's limit applies. */
function groupTallies(leaves: OpenMinute['leaves'], rule: ThresholdRule): Map<string, Tally> {
  const groups = new Map<string, Tally>()
  for (const [key, tally] of Object.entries(leaves)) {
    for (const group of heldBy(rule, valuesOfKey(key)))
      addTo(groups.get(group) ?? groups.set(group, emptyTally()).get(group)!, tally)
  }
  return groups
}

function heldBy({ by, cause }: ThresholdRule, values: Values): readonly string[] {
  if (cause !== undefined && !within(values, cause)) return []
  if (by !== undefined) return by.map((name) => groupOf({ ...cause, [name]: values[DIMENSIONS.indexOf(name)]! }))
  return cause === undefined ? groupsOf(values).filter((group) => orderOf(group) < 2) : [groupOf(cause)]
}

const rateOf = (tally: readonly number[], [events, trials]: readonly [number, number]): number =>
  tally[trials]! > 0 ? tally[events]! / tally[trials]! : 0
const over = (
  tally: readonly number[],
  { limit }: ThresholdRule,
  [events, trials]: readonly [number, number],
): number => tally[events]! - limit * tally[trials]!

/** Rows with the events that the limit allows as the expected events. */
function rowsOver(window: readonly OpenMinute[], { limit, cause = {} }: ThresholdRule): Rows {
  const sums: Record<string, Tally> = {}
  for (const { leaves } of window)
    for (const [key, tally] of Object.entries(leaves))
      if (within(valuesOfKey(key), cause)) addTo((sums[key] ??= emptyTally()), tally)
  return rowsOf(sums, () => METRICS.map(() => limit))
}
