import { newest } from '../../schemas/catalogue.ts'
import { COLLECTOR_FIELDS } from '../../schemas/emit.ts'
import { unwrapNull, type Field } from '../../schemas/model.ts'
import { LONGEST_CUSTOM } from './keys.ts'
import { percentDecoded } from './decode.ts'
import type { CustomMember, CustomValue } from './types.ts'

/**
 * Custom keys of our own players: the prefix, which is a domain backwards and ends in a hyphen as the standard wants, and
 * the name of a field of playback.telemetry with hyphens: `org.playloop-playing-ms`.
 * Values are strings, which is what custom keys may have, of at most 64 characters; a longer one goes on under
 * `org.playloop-NAME.1`, `.2` and so on.
 */
export const PREFIX = 'org.playloop-'

/** The clock of a record that names none. */
export const LIVE = 'live'

export interface TelemetryField {
  readonly name: string
  /** Its place in FIELDS. */
  readonly place: number
  readonly key: string
  readonly isText: boolean
  /** A value that need not be sent; undefined where there is none. */
  readonly fallback: unknown
}

/** Fields of playback.telemetry that a player sends, in the order of the schema. */
export const FIELDS: readonly TelemetryField[] = newest('playback.telemetry').schema.fields.filter(({ name }) => !COLLECTOR_FIELDS.has(name)).map(fieldOf)

const BY_KEY = new Map(FIELDS.map((field) => [field.key, field]))

function fieldOf({ name, type, fallback }: Field, place: number): TelemetryField {
  const kind = unwrapNull(type)?.type.kind
  return { name, place, key: `${PREFIX}${name.replaceAll('_', '-')}`, isText: kind === 'string' || kind === 'fixed', fallback: name === 'clock' ? LIVE : fallback?.value }
}

/** Custom members that carry a value of a field. */
export function membersOf({ key }: TelemetryField, value: string | number): CustomMember[] {
  const text = escaped(String(value))
  const parts = Math.max(1, Math.ceil(text.length / LONGEST_CUSTOM))
  return Array.from({ length: parts }, (_, part) => ({ name: part === 0 ? key : `${key}.${part}`, value: text.slice(part * LONGEST_CUSTOM, (part + 1) * LONGEST_CUSTOM) }))
}

/** Sets what custom members carry, as JSON, at the places of their fields; unknown and mistyped ones are left out. */
export function readMembers(custom: readonly CustomMember[], into: (string | undefined)[]): void {
  for (const { name, value } of custom) {
    const field = BY_KEY.get(name)
    const json = field === undefined ? undefined : jsonOf(field, value, custom)
    if (json !== undefined) into[field!.place] = json
  }
}

/** Digits are JSON as they stand. */
const DIGITS = /^-?(?:0|[1-9]\d{0,15})$/

function jsonOf({ key, isText }: TelemetryField, value: CustomValue, custom: readonly CustomMember[]): string | undefined {
  if (!isText) return DIGITS.test(String(value)) ? String(value) : undefined
  const text = typeof value === 'string' ? percentDecoded(value.length < LONGEST_CUSTOM ? value : continued(key, value, custom)) : undefined
  return text === undefined ? undefined : quoted(text)
}

/** A string as JSON; nearly all need no escape. */
export const quoted = (text: string): string => (/[^ !#-[\]-~]/.test(text) ? JSON.stringify(text) : `"${text}"`)

/** A value as long as one may be, with what goes on under `.1`, `.2` and so on. */
function continued(key: string, first: string, custom: readonly CustomMember[]): string {
  const parts = new Map(custom.filter(({ name }) => name.startsWith(`${key}.`)).map(({ name, value }) => [name, value]))
  let whole = first
  for (let part = 1; typeof parts.get(`${key}.${part}`) === 'string'; part++) whole += parts.get(`${key}.${part}`) as string
  return whole
}

/** Percent-encodes what a structured field's string cannot hold, and the percent sign; a lone surrogate becomes U+FFFD. */
const escaped = (text: string): string => text.toWellFormed().replace(/[^ -~]+|%/g, (part) => (part === '%' ? '%25' : [...new TextEncoder().encode(part)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')))
