/**
 * How far the client's clock is ahead of ours, ms, by the one thing it says about itself: when it sent the batch
 * (`X-Sent-At`, or `?sent_at=` where a beacon can set no header). The way here counts as client lateness, so the
 * estimate is low by the network delay; a query may take the greatest of a session. It stands in a column of its own
 * and never enters a key: a resend would meet another estimate.
 */
export function skewOf(sentAt: string | undefined, arrivedAt: number): number | null {
  if (sentAt === undefined || !/^\d{1,15}$/.test(sentAt)) return null
  const skew = Number(sentAt) - arrivedAt
  // The column is an int; a clock that is 24 days off says nothing worth correcting by.
  return Math.abs(skew) <= 0x7fff_ffff ? skew : null
}
