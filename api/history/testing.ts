import type { Playback } from '../../streams/qoe/fixture.ts'

export const T0 = Date.UTC(2026, 10, 23, 20)
/** Playbacks at intervals of a minute, for example ten: even ones in DE, odd ones in FR; the n-th stalls n seconds. */
export const playback = (n: number): Playback => ({
  session: `s${n}`,
  country: n % 2 === 0 ? 'DE' : 'FR',
  start: T0 + n * 60_000,
  startup: 1_000 + n,
  cuts: [],
  end: 'q',
  phases: [
    { state: 'p', ms: 30_000 },
    { state: 'r', ms: n * 1_000 },
    { state: 'p', ms: 60_000 },
  ],
})

export interface Row {
  readonly dimensions: Record<string, string>
  readonly at: number
  readonly sessions: number
  readonly values: {
    metric: string
    value: number | null
    numerator: number
    denominator: number
    quantiles?: (number | null)[]
  }[]
}
export interface Listed {
  readonly session_id: string
  readonly stall_ms: number
  readonly parts: { numerator: number; denominator: number }[]
}
