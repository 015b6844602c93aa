/** An observation of the element in the page: see `watch.ts`. */
export interface Seen {
  /** By the device's clock, ms. */
  readonly at: number
  readonly type: string
  /** Playhead, ms. */
  readonly position: number
}

/** What really happened in a playback, in the terms of CTA-2066. */
export interface Truth {
  /** From the call of the player to the first `playing` of its element, ms; null = no frame was ever shown. */
  readonly startup_ms: number | null
  /** Begin and end of each stall, by the device's clock, ms. */
  readonly stalls: readonly (readonly [number, number])[]
  readonly seeks: number
  readonly pauses: number
}

/** A playhead that stands shorter than this has waited for a frame, not for data, ms. */
const SHORTEST_STALL_MS = 200

/** `asked`: when playback was requested, ms. */
export function truthOf(asked: number, seen: readonly Seen[]): Truth {
  const sorted = seen.toSorted((a, b) => a.at - b.at)
  const first = (type: string): number | undefined => sorted.find((each) => each.type === type)?.at
  const count = (type: string): number => sorted.filter((each) => each.type === type).length
  const playing = first('frame') === undefined ? undefined : first('playing')
  return {
    // On a busy machine the frame itself is painted, and told of, up to tenths of a second later.
    startup_ms: playing === undefined ? null : playing - asked,
    stalls: stallsOf(sorted),
    seeks: count('seeking'),
    // The element pauses at its end, too.
    pauses: count('pause') - count('ended'),
  }
}

/** What ends a stand of the playhead: it moves, or somebody has another wish. */
const ENDS = new Set(['moves', 'pause', 'seeking', 'ended'])

/** Stands of the playhead after its first movement that nobody wished for. */
function stallsOf(sorted: readonly Seen[]): [number, number][] {
  const stalls: [number, number][] = []
  let [from, paused, seeking] = [undefined as number | undefined, false, false]
  for (const { at, type } of sorted) {
    if (type === 'stands' && !paused && !seeking) from = at
    if (type === 'play') paused = false
    if (type === 'pause') paused = true
    if (type === 'seeking') seeking = true
    if (!ENDS.has(type)) continue
    if (from !== undefined && at - from >= SHORTEST_STALL_MS) stalls.push([from, at])
    from = undefined
    if (type === 'moves') seeking = false
  }
  return stalls
}
