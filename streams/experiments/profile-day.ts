import { DAY_MS } from '../../platform/time.ts'
import { AT_MS, type TouchedDomain } from '../touched/index.ts'

/**
 * What a profile did in a day, action by action: a window that starts at a unit's own first exposure needs their times.
 * Every profile has its days, in an experiment or not: what it did before is the covariate.
 *
 * - household_id: from the least action; '' = unknown;
 * - acts: distinct actions in order: event time, action, session, media time watched, stars x 100.
 */
export const profileDay: TouchedDomain = {
  name: 'profile_day',
  version: 1,
  topic: 'viewer.actions',
  touches: "e.profile_id != '' AND e.action != 'erasure'",
  keys: [
    { name: 'clock', type: 'LowCardinality(String)', from: 'e.clock' },
    { name: 'profile', type: 'String', from: 'e.profile_id' },
    { name: 'day', type: 'Int64', from: `${AT_MS} - positiveModulo(${AT_MS}, ${DAY_MS})` },
  ],
  orderReason: "a unit's outcome reads all days of its profiles",
  facts: [
    { name: 'action', type: 'LowCardinality(String)', from: 'e.action' },
    { name: 'household_id', type: 'String', from: 'e.household_id' },
    { name: 'session_id', type: 'String', from: 'e.session_id' },
    { name: 'watched_ms', type: 'Int64', from: 'ifNull(e.watched_ms, 0)' },
    { name: 'rating_centi', type: 'Int32', from: 'ifNull(e.rating_centi, 0)' },
  ],
  values: [
    { name: 'household_id', type: 'String' },
    {
      name: 'acts',
      type: 'Array(Tuple(at Int64, action LowCardinality(String), session String, watched_ms Int64, rating_centi Int32))',
    },
  ],
  // Ties are sorted by id, so that equal sets give equal lists.
  recompute: `
    SELECT clock, profile, day, minIf((at_ms, event_id, toString(e.household_id)), live).3 AS household_id,
      arrayMap(each -> (each.1, each.3, each.4, each.5, each.6), arraySort(groupUniqArrayIf((at_ms, event_id, action, session_id, watched_ms, rating_centi), live))) AS acts,
      sum(e.weight) AS version
    FROM {events} AS e GROUP BY clock, profile, day`,
  shown: 'length(acts) > 0',
}
