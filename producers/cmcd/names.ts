import { newest } from '../../schemas/catalogue.ts'
import { COLLECTOR_FIELDS } from '../../schemas/emit.ts'
import type { TopicInputs } from '../../schemas/generated/inputs.ts'
import { unwrapNull, type Field } from '../../schemas/model.ts'
import { LONGEST_CUSTOM } from './keys.ts'
import { percentDecoded } from './decode.ts'
import { quoted } from './encode.ts'
import type { CustomMember, CustomValue } from './types.ts'

/**
 * Prefix of our own players' custom keys: a reversed domain that ends in a hyphen, as the standard requires. The name
 * of a field of playback.telemetry follows, with hyphens: `org.playloop-playing-ms`. Values are strings, a type that
 * custom keys may have, of at most 64 characters; a longer one is continued under `org.playloop-NAME.1`, `.2` and so
 * on.
 */
export const PREFIX = 'org.playloop-'

/** The clock of a record that names none. */
export const LIVE = 'live'

export interface TelemetryField {
  readonly name: string
  /** Its index in the schema's record. */
  readonly place: number
  readonly key: string
  readonly isText: boolean
  /** The value that need not be sent; undefined if there is none. */
  readonly fallback: unknown
}

const { fields } = newest('playback.telemetry').schema
/** Fields of playback.telemetry that a player sends, in schema order. */
export const FIELDS: readonly TelemetryField[] = fields.map(fieldOf).filter(({ name }) => !COLLECTOR_FIELDS.has(name))

const BY_KEY = new Map(FIELDS.map((field) => [field.key, field]))

/** An event of playback.telemetry: each field's value at its index in the schema; undefined if unreported. */
export type TelemetryValues = (string | number | undefined)[]
export const emptyValues = (): TelemetryValues => new Array<string | number | undefined>(fields.length).fill(undefined)
type FieldName = Exclude<keyof TopicInputs['playback.telemetry'], 'received_time' | 'skew_ms'>
export const placeOf = (name: FieldName): number => fields.findIndex((field) => field.name === name)

function fieldOf({ name, type, fallback }: Field, place: number): TelemetryField {
  const kind = unwrapNull(type)?.type.kind
  return {
    name,
    place,
    key: `${PREFIX}${name.replaceAll('_', '-')}`,
    isText: kind === 'string' || kind === 'fixed',
    fallback: name === 'clock' ? LIVE : fallback?.value,
  }
}

/** Text that a structured field's string can hold unescaped. */
const BARE = /^[ !#$&-[\]-~]*$/

/** Appends the members for a field's value; returns whether there is more than one. */
export function writeMembers({ key, isText }: TelemetryField, value: string | number, into: string[]): boolean {
  const text = isText && !BARE.test(value as string) ? escaped(value as string) : String(value)
  if (text.length <= LONGEST_CUSTOM) {
    into.push(isText ? `${key}=${quoted(text)}` : `${key}="${text}"`)
    return false
  }
  for (let part = 0; part * LONGEST_CUSTOM < text.length; part++)
    into.push(
      `${part === 0 ? key : `${key}.${part}`}=${quoted(text.slice(part * LONGEST_CUSTOM, (part + 1) * LONGEST_CUSTOM))}`,
    )
  return true
}

/** Sets the values from custom members at the indexes of their fields; unknown and mistyped ones are left out. */
export function readMembers(custom: readonly CustomMember[], into: TelemetryValues): void {
  for (const { name, value } of custom) {
    const field = BY_KEY.get(name)
    const read = field === undefined ? undefined : valueOf(field, value, custom)
    if (read !== undefined) into[field!.place] = read
  }
}

function valueOf(
  { key, isText }: TelemetryField,
  value: CustomValue,
  custom: readonly CustomMember[],
): string | number | undefined {
  if (!isText) return typeof value === 'string' ? wholeOf(value) : Number.isInteger(value) ? Number(value) : undefined
  return typeof value === 'string'
    ? percentDecoded(value.length < LONGEST_CUSTOM ? value : continued(key, value, custom))
    : undefined
}

const MAX_DIGITS = 16
const [ZERO, MINUS] = [0x30, 0x2d]

/**
 * An integer of at most 16 digits without a leading zero, or undefined. Digit by digit: a regular expression costs
 * several times as much.
 */
function wholeOf(text: string): number | undefined {
  const negative = text.charCodeAt(0) === MINUS
  const first = negative ? 1 : 0
  const digits = text.length - first
  if (digits < 1 || digits > MAX_DIGITS || (digits > 1 && text.charCodeAt(first) === ZERO)) return undefined
  let value = 0
  for (let i = first; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO
    if (!(digit >= 0 && digit <= 9)) return undefined
    value = value * 10 + digit
  }
  return negative ? 0 - value : value
}

/** A value of maximum length joined with its continuation under `.1`, `.2` and so on. */
function continued(key: string, first: string, custom: readonly CustomMember[]): string {
  const parts = new Map(custom.filter(({ name }) => name.startsWith(`${key}.`)).map(({ name, value }) => [name, value]))
  let whole = first
  for (let part = 1; typeof parts.get(`${key}.${part}`) === 'string'; part++)
    whole += parts.get(`${key}.${part}`) as string
  return whole
}

/**
 * Percent-encodes characters that a structured field's string cannot hold, and the percent sign; a lone surrogate
 * becomes U+FFFD.
 */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^ -~]+|%/g, (part) =>
      part === '%'
        ? '%25'
        : [...new TextEncoder().encode(part)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    )
