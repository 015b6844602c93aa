/**
 * The keys that are shown one by one where at most `limit` may be; undefined = all of them. Beyond the limit: the keys
 * with the greatest counts, without those that tie with the first one that does not fit. So the choice is a function of
 * the counts, in whatever order they came, and a hundred thousand invented names with one session each keep no place.
 */
export function keepMost<K>(counts: ReadonlyMap<K, number>, limit: number): ReadonlySet<K> | undefined {
  if (counts.size <= limit) return undefined
  const tie = Float64Array.from(counts.values())
    .sort()
    .at(-limit - 1)!
  return new Set([...counts].filter(([, count]) => count > tie).map(([key]) => key))
}
