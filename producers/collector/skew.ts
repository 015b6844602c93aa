/**
 * Clock skew: how far the client's clock is ahead of the collector's, ms, derived from when the client says it sent the
 * batch (`X-Sent-At`, or `?sent_at=` for a beacon, which cannot set headers). Network delay counts as client lateness,
 * so the estimate is low by that delay; a query may take the maximum of a session. The estimate has a column of its own
 * and is never part of a key: a resend would get another one.
 */
export function skewOf(sentAt: string | undefined, arrivedAt: number): number | null {
  if (sentAt === undefined || !/^\d{1,15}$/.test(sentAt)) return null
  const skew = Number(sentAt) - arrivedAt
  // The column is an int; a clock that is 24 days off gives no useful correction.
  return Math.abs(skew) <= 0x7fff_ffff ? skew : null
}
