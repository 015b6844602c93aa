import type { MostColumn, SegmentState } from '../session/record.ts'
import { kindNumber, readTimeline, type Kind, type Reading } from './reading.ts'
import { countedOf } from './record.ts'

/**
 * A segment of plain CMCD with what its timeline gives in place of the columns that its player does not send
 * (`DERIVED_LIST` in levels.ts); any other segment as it is.
 */
export function withTimeline(state: SegmentState): SegmentState {
  const { timeline, segment, most } = state
  if (timeline.length === 0) return state
  return { ...state, most: { ...most, ...derivedOf(readTimeline(countedOf(timeline), segment === 0), most) } }
}

function derivedOf(reading: Reading, own: SegmentState['most']): Partial<Record<MostColumn, number>> {
  const { start, startup, stalls, seeks, pauses } = reading
  return {
    session_start: start,
    segment_start: start,
    startup_ms: startup,
    starting_ms: timeOf(reading, 'starting'),
    playing_ms: timeOf(reading, 'playing'),
    // Where the player counts its stalls itself, its counters hold what lost records hide.
    stall_connection_ms: own.stall_connection_ms > 0 ? own.stall_connection_ms : timeOf(reading, 'stall'),
    stall_connection_count: own.stall_connection_count > 0 ? own.stall_connection_count : stalls,
    seeking_ms: timeOf(reading, 'seeking'),
    paused_ms: timeOf(reading, 'paused'),
    waiting_ms: timeOf(reading, 'waiting'),
    seek_count: seeks,
    pause_count: pauses,
  }
}

const timeOf = ({ spans }: Reading, kind: Kind): number =>
  spans.reduce((sum, span) => (span.kind === kindNumber(kind) ? sum + span.to - span.from : sum), 0)
