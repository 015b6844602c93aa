/** Checks for flag values: each returns what is wrong with the value, or undefined. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (value: string): string | undefined =>
    /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `must be a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? ' up' : ` to ${most}`}`

export const positive = (value: string): string | undefined =>
  Number.isFinite(Number(value)) && Number(value) > 0 ? undefined : 'must be a number above 0'

export const isUrl = (value: string): string | undefined => (URL.canParse(value) ? undefined : 'must be a URL')

export const isOneOf =
  (...values: readonly string[]) =>
  (value: string): string | undefined =>
    values.includes(value) ? undefined : `must be ${values.join(' or ')}`

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Parses `90s`, `2m`, `500ms` or `1h` to milliseconds; a bare number is seconds. */
export function duration(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * UNITS[unit]!
}

export const isDuration = (text: string): string | undefined =>
  (duration(text) ?? 0) > 0 ? undefined : 'must be a duration such as 60s, 5m or 1h'
