/** The arithmetic of charts; pure. */

/** The smallest round number not below `most`: the top of an axis that begins at 0, with a round half. */
export function topOf(most: number): number {
  if (!(most > 0)) return 1
  const decade = 10 ** Math.floor(Math.log10(most))
  return decade * (STEPS.find((step) => step * decade >= most * (1 - 1e-9)) ?? 10)
}

const STEPS = [1, 2, 4, 5, 6, 8, 10]

/** Labels of an axis: zero, half, top; counts have no fractional half. */
export const ticksOf = (top: number, counted: boolean): number[] => (counted && top < 2 ? [0, top] : [0, top / 2, top])

/** Indices of `times` (ms, ascending) at round times, as many as labels `least` apart fit into `width`. */
export function timeTicks(times: readonly number[], width: number, least = 56): number[] {
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0)
  const step = ROUND_MS.find((round) => (round / Math.max(1, span)) * width >= least) ?? DAY_MS
  const round = times.flatMap((time, index) => (time % step === 0 ? [index] : []))
  // A freely chosen period has no round times: label at equal distances.
  const every = Math.max(1, Math.ceil((times.length * least) / Math.max(1, width)))
  return round.length > 0 ? round : times.flatMap((_, index) => (index % every === 0 ? [index] : []))
}

const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000]
const ROUND_MS = [1, 2, 5, 10, 15, 30]
  .map((minutes) => minutes * MINUTE_MS)
  .concat(
    [1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
    DAY_MS,
  )

/** Runs of consecutive indices for which `holds`. */
export function runs(count: number, holds: (index: number) => boolean): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (let i = 0; i < count; i++) {
    if (!holds(i)) continue
    const last = found.at(-1)
    if (last?.to === i - 1) last.to = i
    else found.push({ from: i, to: i })
  }
  return found
}

/** Moves labels apart: positions in the order given, at least `least` from one another, between 0 and `most`. */
export function apart(places: readonly number[], least: number, most: number): number[] {
  const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place)
  order.forEach((each, i) => {
    if (i > 0) each.place = Math.max(each.place, order[i - 1]!.place + least)
  })
  for (let i = order.length - 1, roof = most; i >= 0; i--, roof = order[i + 1]!.place - least)
    order[i]!.place = Math.min(order[i]!.place, roof)
  return order.sort((a, b) => a.index - b.index).map(({ place }) => Math.max(0, place))
}
