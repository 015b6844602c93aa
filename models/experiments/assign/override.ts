/** Variations that a reviewer requests in the URL. */

/** The variation that `?KEY=NUMBER` requests; undefined if there is no such variation. */
export function queryOverride(key: string, url: string, count: number): number | undefined {
  const query = url.split('#', 1)[0]!.split('?').slice(1).join('?')
  const pair = query
    .split('&')
    .map((each) => each.split('=', 2))
    .find(([name]) => name === key)
  const index = Number.parseInt(pair?.[1] ?? '', 10)
  return index >= 0 && index < count ? index : undefined
}
