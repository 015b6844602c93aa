import { fail } from './errors.ts'

/** Attributes of a unit in a query, as a JSON object. */
export function attributesOf(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    /* reported below */
  }
  throw fail('API_QUERY_INVALID', { problem: 'attributes must be a JSON object' })
}
