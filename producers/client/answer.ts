/** The collector's answer to a batch: `202 {accepted, duplicates, rejected: [{index, code}]}`. */
export interface Answer {
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: readonly { readonly index: number; readonly code: string }[]
}

/** Parses the answer in `text`; undefined if it does not account for each of `count` events exactly once. Pure. */
export function readAnswer(text: string, count: number): Answer | undefined {
  const value = parse(text)
  if (!isObject(value)) return undefined
  const { accepted, duplicates = 0, rejected = [] } = value
  if (!isCount(accepted) || !isCount(duplicates) || !Array.isArray(rejected)) return undefined
  const faults = (rejected as unknown[]).filter((fault) => isFault(fault, count))
  const indices = new Set(faults.map(({ index }) => index))
  const whole = indices.size === rejected.length && accepted + duplicates + rejected.length === count
  return whole ? { accepted, duplicates, rejected: faults } : undefined
}

/** The code of an error answer (problem+json `code`), or the empty string. */
export function readCode(text: string): string {
  const value = parse(text)
  return isObject(value) && typeof value['code'] === 'string' ? value['code'] : ''
}

type Fault = Answer['rejected'][number]

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isFault = (value: unknown, count: number): value is Fault =>
  isObject(value) && isCount(value['index']) && value['index'] < count && typeof value['code'] === 'string'

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
