import { HOUR_MS } from '../../platform/time.ts'
import { AT_MS, type TouchedDomain } from '../touched/index.ts'

/**
 * Activity of a title in an hour and a country.
 *
 * - hour: start of the hour of the client's event time, ms since the epoch; computed with integers, because date
 *   functions wrap for the years that broken clocks report;
 * - impressions, clicks, plays, finishes, ratings: distinct events; rating_centi_sum: stars x 100 of the `rated` events
 *   that have stars: a rating without stars does not count towards the mean;
 * - watched_ms: media time that the hour's sessions had reported as watched by the end of the hour: the maximum per
 *   (profile, session), summed. A session that crosses an hour counts in both with its total up to then: use it to
 *   compare titles within an hour, do not add it over hours;
 * - profiles: distinct profiles that did any of these.
 */
export const titleHour: TouchedDomain = {
  name: 'title_hour',
  version: 1,
  topic: 'viewer.actions',
  touches: "e.title_id != '' AND e.action IN ('impression', 'click', 'play', 'progress', 'finish', 'rating')",
  keys: [
    { name: 'clock', type: 'LowCardinality(String)', from: 'e.clock' },
    { name: 'hour', type: 'Int64', from: `${AT_MS} - positiveModulo(${AT_MS}, ${HOUR_MS})` },
    { name: 'title_id', type: 'String', from: 'e.title_id' },
    { name: 'country', type: 'LowCardinality(String)', from: 'e.country' },
  ],
  orderReason: 'pages ask for the latest hours of one clock, all titles',
  facts: [
    { name: 'action', type: 'LowCardinality(String)', from: 'e.action' },
    { name: 'session_id', type: 'String', from: 'e.session_id' },
    { name: 'watched_ms', type: 'Int64', from: 'ifNull(e.watched_ms, 0)' },
    { name: 'rating_centi', type: 'Int32', from: 'ifNull(e.rating_centi, 0)' },
  ],
  values: [
    { name: 'impressions', type: 'UInt64' },
    { name: 'clicks', type: 'UInt64' },
    { name: 'plays', type: 'UInt64' },
    { name: 'finishes', type: 'UInt64' },
    { name: 'ratings', type: 'UInt64' },
    { name: 'rated', type: 'UInt64' },
    { name: 'rating_centi_sum', type: 'Int64' },
    { name: 'watched_ms', type: 'Int64' },
    { name: 'profiles', type: 'UInt64' },
  ],
  // Groups by session, then profile, then title: three plain groupings cost half as much as hundreds of thousands of
  // sets of profiles.
  recompute: `
    SELECT clock, hour, title_id, country, sum(p.impressions) AS impressions, sum(p.clicks) AS clicks, sum(p.plays) AS plays,
      sum(p.finishes) AS finishes, sum(p.ratings) AS ratings, sum(p.rated) AS rated, sum(p.rating_centi) AS rating_centi_sum, sum(p.watched) AS watched_ms,
      sum(p.present) AS profiles, sum(p.weight) AS version
    FROM (
      SELECT clock, hour, title_id, country, profile_id, sum(s.impressions) AS impressions, sum(s.clicks) AS clicks,
        sum(s.plays) AS plays, sum(s.finishes) AS finishes, sum(s.ratings) AS ratings, sum(s.rated) AS rated, sum(s.rating_centi) AS rating_centi,
        sum(s.watched) AS watched, toUInt64(max(s.present)) AS present, sum(s.weight) AS weight
      FROM (
        SELECT clock, hour, title_id, country, profile_id, session_id,
          countIf(live AND action = 'impression') AS impressions, countIf(live AND action = 'click') AS clicks,
          countIf(live AND action = 'play') AS plays, countIf(live AND action = 'finish') AS finishes,
          countIf(live AND action = 'rating') AS ratings, countIf(live AND action = 'rating' AND e.rating_centi > 0) AS rated, sumIf(toInt64(rating_centi), live) AS rating_centi,
          maxIf(watched_ms, live) AS watched, max(live) AS present, sum(e.weight) AS weight
        FROM {events} AS e GROUP BY clock, hour, title_id, country, profile_id, session_id
      ) AS s GROUP BY clock, hour, title_id, country, profile_id
    ) AS p GROUP BY clock, hour, title_id, country`,
  shown: 'profiles > 0',
  feedsErasures: true,
}
