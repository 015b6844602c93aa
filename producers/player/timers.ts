/** Times of a player's planned events; Infinity means not planned. Ties are handled in this order. */
export interface Timers {
  /** The player and its licence are ready. */
  boot: number
  loader: number
  /** End of a pause, a wait, a stall of the decoder or advertisement, or the minimum time of a seek. */
  resume: number
  adEnd: number
  /** The playhead reaches the position of its next event. */
  media: number
  turn: number
  error: number
  script: number
  patience: number
  quit: number
  tick: number
}

export type TimerName = keyof Timers

/** The earliest timer; on a tie the first in order. Unrolled, because it runs for every step of every session. */
export function earliest(t: Timers): TimerName {
  let name: TimerName = 'boot'
  let at = t.boot
  if (t.loader < at) [name, at] = ['loader', t.loader]
  if (t.resume < at) [name, at] = ['resume', t.resume]
  if (t.adEnd < at) [name, at] = ['adEnd', t.adEnd]
  if (t.media < at) [name, at] = ['media', t.media]
  if (t.turn < at) [name, at] = ['turn', t.turn]
  if (t.error < at) [name, at] = ['error', t.error]
  if (t.script < at) [name, at] = ['script', t.script]
  if (t.patience < at) [name, at] = ['patience', t.patience]
  if (t.quit < at) [name, at] = ['quit', t.quit]
  if (t.tick < at) name = 'tick'
  return name
}
