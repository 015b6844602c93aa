/** One number of a case, and whether it agrees within an absolute error. */
export interface Check {
  readonly name: string
  readonly expected: unknown
  readonly seen: unknown
  readonly passed: boolean
}

export interface CaseResult {
  readonly group: string
  readonly id: string
  readonly checks: readonly Check[]
}

export const passed = ({ checks }: CaseResult): boolean => checks.length > 0 && checks.every((check) => check.passed)

/** Half a unit in the last digit of a number published with this many decimals. */
export const rounded = (digits: number): number => 0.5001 * 10 ** -digits

/** `seen` may be anything: a value that is not a number agrees with nothing. */
export function check(name: string, expected: number, seen: unknown, error: number): Check {
  return {
    name,
    expected,
    seen,
    passed: typeof seen === 'number' && (seen === expected || Math.abs(seen - expected) <= error),
  }
}

/** Each number of a list; null stands for an open end. */
export const checkAll = (
  name: string,
  expected: readonly (number | null)[],
  seen: readonly unknown[],
  error: number,
): Check[] =>
  expected.map((value, at) => {
    const label = `${name}[${at}]`
    return value === null
      ? { name: label, expected: 'open', seen: seen[at], passed: Math.abs(Number(seen[at])) === Infinity }
      : check(label, value, seen[at], error)
  })

/** The failed check of a case that cannot be run. */
export const fault = (expected: string, seen: unknown): Check => ({ name: 'case', expected, seen, passed: false })
