import type { FastifyError } from 'fastify'
import { StoreError } from '../clickhouse/port.ts'
import { errorCode, PlayloopError } from '../errors.ts'
import { fail } from './errors.ts'

/**
 * Store errors that mean "unavailable". 0 = the connection was lost; the others: too slow, too busy, network. Any other
 * code is a fault in our statement.
 */
const STORE_AWAY = new Set([0, 159, 202, 209, 210])

/** Converts any error to one with a stable code: errors of the framework, of the store, and unexpected ones. */
export function refusalOf(error: unknown): PlayloopError {
  if (error instanceof PlayloopError) return error
  if (error instanceof StoreError)
    return STORE_AWAY.has(error.engineCode) ? fail('HTTP_STORE_AWAY', {}, error) : fail('HTTP_INTERNAL', {}, error)
  return ofFramework(error as FastifyError) ?? fail('HTTP_INTERNAL', {}, error)
}

function ofFramework(error: FastifyError): PlayloopError | undefined {
  const { statusCode, validation, message } = error
  switch (errorCode(error)) {
    case 'FST_ERR_BAD_URL':
      return fail('HTTP_BAD_URL', {}, error)
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return fail('HTTP_URL_TOO_LONG', {}, error)
    case 'FST_ERR_HANDLER_TIMEOUT':
      return fail('HTTP_DEADLINE', { seconds: Math.round(Number(/\d+/.exec(message)?.[0] ?? 0) / 1_000) }, error)
  }
  if (validation !== undefined) return invalid(validation, error)
  if (statusCode === 413) return fail('HTTP_BODY_TOO_LARGE', { limit: 'the limit of' }, error)
  if (statusCode === 415) return fail('HTTP_MEDIA_TYPE', { type: /: (.+)$/.exec(message)?.[1] ?? 'none' }, error)
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return fail('HTTP_INVALID', { problem: message }, error)
  return undefined
}

/** A validation error of one parameter. */
interface Fault {
  readonly instancePath: string
  readonly message?: string
  readonly params: Readonly<Record<string, unknown>>
}

/** With `faults` by place, as faults of definitions have them: a form shows each beside its field. */
function invalid(validation: readonly Fault[], error: FastifyError): PlayloopError {
  const faults = validation.map((fault) => ({ at: placeOf(fault), problem: problemOf(fault) }))
  const problem = faults.map((fault, i) => `${wordsOf(validation[i]!)} ${fault.problem}`).join('; ')
  return Object.assign(fail('HTTP_INVALID', { problem }, error), { faults })
}

const wordsOf = ({ instancePath }: Fault): string => instancePath.slice(1) || 'the request'

/** Path of the field, such as `variations.0.key`; of the missing or unknown one, if that is the fault. */
function placeOf({ instancePath, params }: Fault): string {
  const name = params['missingProperty'] ?? params['additionalProperty']
  return [...instancePath.split('/').slice(1), ...(typeof name === 'string' ? [name] : [])].join('.')
}

function problemOf({ message, params }: Fault): string {
  const [allowed, unknown] = [params['allowedValues'], params['additionalProperty']]
  if (typeof unknown === 'string') return `has no field ${unknown}`
  return Array.isArray(allowed) ? `must be one of ${allowed.join(', ')}` : (message ?? 'is malformed')
}
