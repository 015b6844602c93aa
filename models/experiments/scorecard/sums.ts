import type { RatioCovariedSums } from '../statistics/index.ts'

/**
 * Sums of products of completed unit totals: y the outcome, d its denominator, x and e the same before exposure; `yx`
 * is the sum of y·x. Exact as long as they are added as integers, which the store does.
 */
export const SUM_NAMES = [
  'y',
  'yy',
  'yyy',
  'd',
  'dd',
  'x',
  'xx',
  'e',
  'ee',
  'yd',
  'yx',
  'ye',
  'dx',
  'de',
  'xe',
] as const
export type SumName = (typeof SUM_NAMES)[number]

export interface Sums extends Readonly<Record<SumName, number>> {
  readonly n: number
  /** Units with a non-zero outcome. */
  readonly nonzero: number
}

export interface SumsRow extends Sums {
  readonly metric: string
  readonly phase: number
  readonly variation: number
  /** 1 if there is data of the fortnight before. */
  readonly seen: number
  /** 1 if the window has closed. */
  readonly closed: number
  readonly value: string
  readonly step: number
}

const FIELDS = ['n', 'nonzero', ...SUM_NAMES] as const
export const NOTHING: Sums = Object.fromEntries(FIELDS.map((name) => [name, 0])) as Record<
  (typeof FIELDS)[number],
  number
>

export const addSums = (a: Sums, b: Sums): Sums => ({
  n: a.n + b.n,
  nonzero: a.nonzero + b.nonzero,
  y: a.y + b.y,
  yy: a.yy + b.yy,
  yyy: a.yyy + b.yyy,
  d: a.d + b.d,
  dd: a.dd + b.dd,
  x: a.x + b.x,
  xx: a.xx + b.xx,
  e: a.e + b.e,
  ee: a.ee + b.ee,
  yd: a.yd + b.yd,
  yx: a.yx + b.yx,
  ye: a.ye + b.ye,
  dx: a.dx + b.dx,
  de: a.de + b.de,
  xe: a.xe + b.xe,
})

/** In the form that ratio statistics need: totals and products in the order y, d, x, e. */
export const asRatio = ({ n, y, d, x, e, yy, yd, dd, yx, dx, xx, ye, de, xe, ee }: Sums): RatioCovariedSums => ({
  n,
  sums: [y, d, x, e],
  products: [[yy], [yd, dd], [yx, dx, xx], [ye, de, xe, ee]],
})

/** Third standardised moment of the outcome; 0 if it does not vary. */
export function skewness({ n, y, yy, yyy }: Sums): number {
  const mean = y / n
  const variance = yy / n - mean ** 2
  return variance > 0 ? (yyy / n - 3 * mean * (yy / n) + 2 * mean ** 3) / variance ** 1.5 : 0
}
