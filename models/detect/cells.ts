/**
 * The input of detection: integer sums of one minute by the five dimensions that an operator can act on, and the groups
 * of those cells: everything, each value of a dimension, each pair of values of two dimensions.
 */
export const DIMENSIONS = ['asn', 'oca', 'app_version', 'device', 'country'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/**
 * Sums of one minute and one combination of values, for each clock. All counts are whole numbers, times are whole
 * milliseconds. These are the fields that detection reads from the cells of streams/qoe, with the same names.
 */
export interface MinuteCell {
  readonly country: string
  /** Autonomous system number (the ISP); 0 unknown. */
  readonly asn: number
  readonly oca: string
  readonly device: string
  readonly app_version: string
  readonly attempts: number
  readonly plays: number
  /** Sum of start-up times of those plays, ms. */
  readonly startup_ms: number
  /** Plays by start-up time: lower bound of a bucket (five significant bits, ms) to plays. */
  readonly startups: ReadonlyMap<number, number>
  /**
   * Attempts that ended with a technical fatal error before the first frame. Attempts with a business error (a limit, a
   * right) count neither here nor as an exit.
   */
  readonly vsf_technical: number
  /** Attempts that ended before the first frame without an error. */
  readonly ebvs: number
  readonly concurrent_plays: number
  readonly stall_ms: number
  readonly watched_ms: number
  /** Plays that ended with a technical fatal error after their first frame. */
  readonly vpf_technical: number
  /** Technical errors, fatal or not. */
  readonly errors_technical: number
}

/** Values in the order of DIMENSIONS; a group omits the values that it does not fix. */
export type Values = readonly string[]

/** A set of cells: all that have every value named here. `{}` is everything. */
export type Cause = Readonly<Partial<Record<Dimension, string>>>

export const valuesOf = (cell: MinuteCell): Values => DIMENSIONS.map((name) => String(cell[name]))

/** Separator of values. It cannot occur in them: values are names without control characters. */
const BETWEEN = '\u001f'
export const leafKey = (values: Values): string => values.join(BETWEEN)
export const valuesOfKey = (key: string): Values => key.split(BETWEEN)

/** Pairs of dimensions, as indices into DIMENSIONS. */
const PAIRS: readonly (readonly [number, number])[] = DIMENSIONS.flatMap((_, a) =>
  DIMENSIONS.slice(a + 1).map((__, b) => [a, a + 1 + b] as const),
)

/** A group's name: `asn=64512`, or two of these joined by BETWEEN; '' is everything. */
export const EVERYTHING = ''
const single = (at: number, values: Values): string => `${DIMENSIONS[at]}=${values[at]}`

/** The 16 groups a cell belongs to: everything, 5 values, 10 pairs. */
export function groupsOf(values: Values): string[] {
  const singles = DIMENSIONS.map((_, at) => single(at, values))
  return [EVERYTHING, ...singles, ...PAIRS.map(([a, b]) => `${singles[a]}${BETWEEN}${singles[b]}`)]
}

/** 0: everything, 1: a value, 2: a pair. */
export const orderOf = (group: string): 0 | 1 | 2 => (group === EVERYTHING ? 0 : group.includes(BETWEEN) ? 2 : 1)

/** The values of a group, each as a group with one value. */
export const singlesOf = (group: string): string[] => (group === EVERYTHING ? [] : group.split(BETWEEN))

export const causeOf = (group: string): Cause =>
  Object.fromEntries(
    singlesOf(group).map((part) => {
      const at = part.indexOf('=')
      return [part.slice(0, at), part.slice(at + 1)]
    }),
  )

export const groupOf = (cause: Cause): string =>
  DIMENSIONS.filter((name) => cause[name] !== undefined)
    .map((name) => `${name}=${cause[name]}`)
    .join(BETWEEN)

/** `asn 64512, device tv`; `everything`. */
export const describeCause = (cause: Cause): string =>
  DIMENSIONS.filter((name) => cause[name] !== undefined)
    .map((name) => `${name} ${cause[name]}`)
    .join(', ') || 'everything'

/** Whether a cell with these values lies in the set. */
export const within = (values: Values, cause: Cause): boolean =>
  DIMENSIONS.every((name, at) => cause[name] === undefined || cause[name] === values[at])
