import { fail } from './errors.ts'
import type { Query, SqlParams, SqlValue } from './port.ts'

/**
 * Inserts the parameters into the statement's text, as literals that cannot end early.
 *
 * For the embedded engine only. chdb can bind parameters itself, but keeps them in process-wide state and therefore
 * runs all statements with parameters one after the other; rendered statements run concurrently. `{name:Type}` becomes
 * `CAST(literal, 'Type')`, as on a server; `{name:Identifier}` becomes a quoted name.
 */
export function renderParams({ sql, params = {} }: Query): string {
  return replacePlaceholders(sql, (name, type) =>
    type === 'Identifier' ? identifier(name, params) : cast(literal(lookUp(name, params), name), type),
  )
}

// Strings, quoted names and comments are skipped, so that braces in them are left unchanged.
const TOKENS =
  /'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^])*"|`(?:[^`\\]|\\[^])*`|--[^\n]*|\/\*[^]*?\*\/|\{(\w+):([^}]+)\}/g

export function replacePlaceholders(sql: string, replace: (name: string, type: string) => string): string {
  return sql.replace(TOKENS, (token: string, name?: string, type?: string) =>
    name === undefined || type === undefined ? token : replace(name, type.trim()),
  )
}

export const cast = (expression: string, type: string): string => `CAST(${expression}, ${quote(type)})`

/** A string literal. NUL is written as an escape because the engine's C interface would end the statement at it. */
export const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`

function lookUp(name: string, params: SqlParams): SqlValue {
  const value = Object.hasOwn(params, name) ? params[name] : undefined
  if (value === undefined) throw fail('STORE_PARAM', { name, reason: 'has no value' })
  return value
}

function literal(value: SqlValue, name: string): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return quote(value)
  // Passed as text: a literal of more than 64 bits would be read as a float.
  if (typeof value === 'bigint') return quote(String(value))
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'number') return `[${value.map((item) => literal(item, name)).join(', ')}]`
  if (!Number.isFinite(value)) throw fail('STORE_PARAM', { name, reason: `is ${value}, which no column holds` })
  return String(value)
}

function identifier(name: string, params: SqlParams): string {
  const value = lookUp(name, params)
  if (typeof value !== 'string' || value === '') throw fail('STORE_PARAM', { name, reason: 'must be a name' })
  return `\`${value.replace(/[\\`]/g, '\\$&').replaceAll('\0', '\\0')}\``
}
