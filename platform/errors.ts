/**
 * Errors with a stable code.
 *
 * Each module declares its codes with `errorTable` in its `errors.ts`. A test collects them all and checks that each
 * code is unique and listed in docs/errors.md.
 */
export interface ErrorSpec {
  /** HTTP status of the API answer. */
  readonly status: number
  /** One sentence; `{name}` is replaced from the details. */
  readonly message: string
  /** What the reader should do next. */
  readonly next: string
}

export type ErrorDetails = Readonly<Record<string, string | number | boolean>>

/** An exception for a bug or a broken dependency. Data faults are values and are never thrown. */
export class PlayloopError extends Error {
  readonly code: string
  readonly status: number
  readonly next: string
  readonly details: ErrorDetails

  constructor(code: string, spec: ErrorSpec, details: ErrorDetails = {}, cause?: unknown) {
    super(fill(spec.message, details), cause === undefined ? undefined : { cause })
    this.name = 'PlayloopError'
    this.code = code
    this.status = spec.status
    this.next = fill(spec.next, details)
    this.details = details
  }
}

/**
 * Declares a module's errors: `const fail = errorTable({ KAFKA_JAVA_MISSING: {...} })`, then `throw
 * fail('KAFKA_JAVA_MISSING', {...}, cause)`.
 */
export function errorTable<T extends Record<string, ErrorSpec>>(specs: T): ErrorFactory<keyof T & string> {
  const make = (code: keyof T & string, details?: ErrorDetails, cause?: unknown): PlayloopError =>
    new PlayloopError(code, specs[code]!, details, cause)
  return Object.assign(make, { specs })
}

export interface ErrorFactory<Code extends string> {
  (code: Code, details?: ErrorDetails, cause?: unknown): PlayloopError
  readonly specs: Readonly<Record<string, ErrorSpec>>
}

/** The code of any error: playloop's own, Node's (`ECONNREFUSED`), or `UNKNOWN`. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : 'UNKNOWN'
}

export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole))
}
