import { SILENCE_MS } from '../definitions.ts'
import type { Level } from '../session/levels.ts'
import { KINDS, kindNumber, type Kind } from './reading.ts'
import { CHANGE, stateNumber, UNTOLD_CHANGE } from './record.ts'

/**
 * Reads timelines in SQL: reading.ts, which has the reasons, level by level. Rows below have `records`, a sorted list;
 * list columns here have one element for each of them, and `_nth` is a place in the list, from 1; 0 = none.
 */

const [STARTING, PLAYING, STALLED, SEEKING, PAUSED, WAITING, PRELOADING, ENDED] = (
  ['s', 'p', 'r', 'k', 'a', 'w', 'd', 'e'] as const
).map(stateNumber) as [number, number, number, number, number, number, number, number]
const kind = (name: Kind): number => kindNumber(name)

/** The list moved by one place. */
const before = (list: string, first: string): string =>
  `arraySlice(arrayPushFront(${list}, ${first}), 1, length(${list}))`
const after = (list: string, last: string): string => `arraySlice(arrayPushBack(${list}, ${last}), 2, length(${list}))`

/** Number of runs of neighbours that meet the condition, over `x` of the list. */
const runs = (condition: (x: string) => string, list: string): string =>
  `arrayCount((i, x, b) -> i >= request_nth AND ${condition('x')} AND (i = greatest(request_nth, 1) OR NOT ${condition('b')}), nth, ${list}, ${before(list, `${list}[1]`)})`

const LISTS: Level = {
  columns: [
    'arrayMap(r -> r.1, records) AS seqs',
    'arrayMap(r -> r.2, records) AS times',
    `arrayMap(r -> toUInt8(r.3 % ${CHANGE}), records) AS told`,
    `arrayMap(r -> toUInt8(r.3 >= ${CHANGE}), records) AS changes`,
    'arrayMap(r -> r.4, records) AS delays',
    'arrayEnumerate(records) AS nth',
    // The last record that tells a state: those after it carry that state, and time only forward.
    'arrayFill((i, r) -> r.3 > 0, arrayEnumerate(records), records) AS told_nth',
    'records[-1].1 = 0 AS unnumbered',
  ],
  apart: true,
}

const STATES: Level = {
  columns: [
    "arrayReduceInRanges('max', arrayMap((i, k) -> (k, toUInt32(i - k + 1)), nth, told_nth), times) AS owns",
    `arrayFill(x -> x > 0, arrayMap((x, i, q, bq) -> toUInt8(if(x = 0 AND i > 1 AND NOT (q = bq + 1 OR unnumbered), ${UNTOLD_CHANGE}, x)), told, nth, seqs, ${before('seqs', 'seqs[1]')})) AS states`,
    'seqs[1] <= 1 AND seqs[-1] > 0 AS from_start',
    `if(arrayExists(x -> x NOT IN (0, ${UNTOLD_CHANGE}), told), arrayFirstIndex(x -> x IN (${PLAYING}, ${ENDED}), told), arrayFirstIndex(x -> x >= 0, delays)) AS frame_nth`,
    `arrayFirstIndex((x, c) -> x = ${STARTING} AND c, told, changes) AS starting_nth`,
  ],
  apart: true,
}

const MOMENTS: Level = {
  columns: [
    `arrayMap((o, b, k) -> greatest(o, b, owns[k], owns[greatest(k - 1, 1)]), owns, ${before('owns', 'owns[1]')}, told_nth) AS moments`,
  ],
  apart: true,
}

const LINKS: Level = {
  columns: [
    `arrayMap((i, q, bq, s, bs, c, t, bt) -> toUInt8(i > 1 AND (q = bq + 1 OR unnumbered) AND (s = bs OR c) AND t - bt <= ${SILENCE_MS}), nth, seqs, ${before('seqs', 'seqs[1]')}, states, ${before('states', 'states[1]')}, changes, moments, ${before('moments', 'moments[1]')}) AS links`,
    'if(frame_nth = 0 OR starting_nth < frame_nth, starting_nth, 0) AS request_nth',
    'arrayFirstIndex((x, i) -> x >= 0 AND i >= frame_nth, delays, nth) AS delay_nth',
    'toInt64(moments[frame_nth]) AS frame_at',
  ],
  apart: true,
}

/** See PHASE in reading.ts: 1 starting, 2 playing, 3 seeking, 4 unknown; 0 = as before. */
const PHASES: Level = {
  columns: [
    `arrayFill(x -> x > 0, arrayMap((i, s, l) -> toUInt8(multiIf(s IN (${STARTING}, ${PRELOADING}), 1, s = ${PLAYING}, 2, s = ${SEEKING}, 3, i = 1, if(from_start, 1, 4), l, 0, 4)), nth, states, links)) AS phases`,
    'if(frame_nth > 0 AND delay_nth > 0, toInt64(delays[delay_nth]), -1) AS delay',
    'request_nth > 0 AND frame_nth > 0 AND arrayCount((l, i) -> NOT l AND i > request_nth AND i <= frame_nth, links, nth) = 0 AS is_seen',
  ],
  apart: true,
}

const kinds = (isFirst: string): Level => ({
  columns: [
    `arrayMap((s, p) -> toUInt8(multiIf(s = ${STARTING}, ${kind('starting')}, s = ${PLAYING}, ${kind('playing')}, s = ${SEEKING}, ${kind('seeking')}, s = ${PAUSED}, ${kind('paused')}, s = ${WAITING}, ${kind('waiting')}, s = ${STALLED}, [${kind('starting')}, ${kind('stall')}, ${kind('seeking')}, 0][p], 0)), states, phases) AS kinds`,
    `toUInt8((${isFirst}) OR request_nth > 0 OR from_start) AS is_begun`,
    `request_nth = 0 AND frame_nth > 0 AND delay >= 0 AND ((${isFirst}) OR from_start) AS is_delay_told`,
  ],
  apart: true,
})

const SPANS: Level = {
  columns: [
    `arrayMap((k, l, i) -> if(l AND i >= request_nth, k, 0), kinds, ${after('links', 'toUInt8(0)')}, nth) AS held`,
    `${after('moments', 'moments[-1]')} AS ends`,
    `multiIf(request_nth > 0, toInt64(moments[request_nth]), NOT is_delay_told, moments[1], states[1] = ${PRELOADING}, frame_at - delay, least(frame_at - delay, moments[1])) AS begun_at`,
  ],
  apart: true,
}

const FACTS: Level = {
  columns: [
    'if(is_delay_told, greatest(moments[1] - begun_at, 0), 0) AS lead_ms',
    'multiIf(frame_nth = 0, -1, is_seen, greatest(frame_at - begun_at, 0), delay >= 0, delay, -2 - greatest(frame_at - begun_at, 0)) AS startup_ms',
  ],
  apart: true,
}

/** `isFirst`: a condition; see `readTimeline`. */
export const readingLevels = (isFirst: string): readonly Level[] => [
  LISTS,
  STATES,
  MOMENTS,
  LINKS,
  PHASES,
  kinds(isFirst),
  SPANS,
  FACTS,
]

/** Time of some kinds, ms; within [from, to) if given. */
export const timeOf = (of: readonly number[], range?: readonly [from: string, to: string]): string => {
  const [since, until] = range === undefined ? ['a', 'b'] : [`greatest(a, ${range[0]})`, `least(b, ${range[1]})`]
  return `arraySum((a, b, k) -> if(k IN (${of.join(', ')}), greatest(${until} - ${since}, 0), 0), moments, ends, held)`
}

const ofKind = (name: Kind): string => timeOf([kind(name)])

/** What a timeline gives in place of a segment's own columns, which a player of plain CMCD does not send. */
const DERIVED = {
  session_start: 'begun_at',
  segment_start: 'begun_at',
  startup_ms: 'startup_ms',
  starting_ms: `lead_ms + ${ofKind('starting')}`,
  playing_ms: ofKind('playing'),
  stall_connection_ms: ofKind('stall'),
  seeking_ms: ofKind('seeking'),
  paused_ms: ofKind('paused'),
  waiting_ms: ofKind('waiting'),
  stall_connection_count: runs((x) => `${x} = ${kind('stall')}`, 'kinds'),
  seek_count: runs((x) => `${x} = ${SEEKING}`, 'states'),
  pause_count: `arrayCount((i, s, bs, p, bp) -> i >= request_nth AND s = ${PAUSED} AND p != 1 AND (i = greatest(request_nth, 1) OR NOT (bs = ${PAUSED} AND bp != 1)), nth, states, ${before('states', 'states[1]')}, phases, ${before('phases', 'phases[1]')})`,
  timeline_size: 'length(records)',
} as const
export type DerivedColumn = keyof typeof DERIVED
const NAMES = Object.keys(DERIVED) as DerivedColumn[]

/** All of them as one list of numbers. */
export const DERIVED_LIST = `[${NAMES.map((name) => `toInt64(${DERIVED[name]})`).join(', ')}]`
/** A column of such a list. */
export const derivedPart = (list: string, name: DerivedColumn): string => `${list}[${NAMES.indexOf(name) + 1}]`
export const isDerived = (name: string): name is DerivedColumn => Object.hasOwn(DERIVED, name)
/** Counters of stalls that some players of plain CMCD send themselves (`bsa`, `bsda`): where they do, theirs count. */
export const OWN_COUNTERS: readonly string[] = ['stall_connection_ms', 'stall_connection_count']
export const KIND_NUMBERS = KINDS.map(kindNumber)
