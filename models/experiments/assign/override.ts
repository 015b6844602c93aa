/** Variations that a reviewer asks for by hand. */

/** The variation that `?KEY=NUMBER` asks for; undefined unless there is such a variation. */
export function queryOverride(key: string, url: string, count: number): number | undefined {
  const query = url.split('#', 1)[0]!.split('?').slice(1).join('?')
  const pair = query
    .split('&')
    .map((each) => each.split('=', 2))
    .find(([name]) => name === key)
  const index = Number.parseInt(pair?.[1] ?? '', 10)
  return index >= 0 && index < count ? index : undefined
}
