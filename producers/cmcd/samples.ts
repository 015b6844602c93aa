import fc from 'fast-check'
import { encode } from './encode.ts'
import { KEYS, TYPE, type Key } from './keys.ts'
import { FIELDS, type TelemetryValues } from './names.ts'
import { EVENTS, OBJECT_TYPES, type EventToken, type ObjectType } from './tokens.ts'
import type { CmcdRecord, CmcdValues, CustomMember, CustomValue, Decoded } from './types.ts'

const { INTEGER, DECIMAL, STRING, TOKEN, BOOLEAN, INTEGERS, STRINGS } = TYPE

/** For tests: random records, and a record without its unreported values. */
export const plainText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength })
const integer = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 999_999_999_999_999 }))
const item = fc
  .record({
    value: integer,
    type: fc.option(fc.constantFrom(...(Object.keys(OBJECT_TYPES) as ObjectType[])), { nil: undefined }),
  })
  .map(({ value, type }) => (type === undefined ? { value } : { value, type }))
const next = fc
  .record({ value: plainText(30), range: fc.option(fc.constantFrom('0-100', '100-', '-100'), { nil: undefined }) })
  .map(({ value, range }) => (range === undefined ? { value } : { value, range }))
export const decimal = fc.integer({ min: 0, max: 999_999_999 }).map((thousandths) => thousandths / 1_000)

function valueOf(key: Key, version: 1 | 2): fc.Arbitrary<unknown> {
  const list = (items: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.array(items, { minLength: 1, maxLength: version === 1 ? 1 : 4 })
  switch (key.type) {
    case INTEGER:
      return integer
    case DECIMAL:
      return decimal
    case STRING:
      return plainText(40)
    case TOKEN:
      return fc.constantFrom(...key.tokens!.values())
    case BOOLEAN:
      return fc.constant(true)
    case INTEGERS:
      return list(version === 1 ? item.map(({ value }) => ({ value })) : item)
    case STRINGS:
      return list(plainText(20))
    default:
      return list(version === 1 ? next.map(({ value }) => ({ value })) : next)
  }
}

const customName = fc.stringMatching(/^[a-z][a-z0-9.]{0,12}-[a-z0-9_.*-]{1,8}$/)
const membersOf = (name: fc.Arbitrary<string>, value: fc.Arbitrary<CustomValue>): fc.Arbitrary<CustomMember[]> =>
  fc.uniqueArray(fc.record({ name, value }), { maxLength: 4, selector: ({ name: own }) => own })
const custom = membersOf(customName, fc.oneof(plainText(64), integer, fc.boolean()))

/** Any values of a version, in any keys. */
export function valuesOf(version: 1 | 2): fc.Arbitrary<CmcdValues> {
  const keys = KEYS.filter(({ name, versions }) => name !== 'v' && versions.includes(version))
  const all = Object.fromEntries(keys.map((key) => [key.name, valueOf(key, version)]))
  return fc
    .record({ ...all, custom }, { requiredKeys: [], noNullPrototype: true })
    .map((values) => ({ ...values, v: version }))
}

/** Names and values of custom keys that the peer accepts. */
const strictCustom = membersOf(fc.stringMatching(/^com\.example-[a-z]{1,12}$/), plainText(64))
/** Values that an event requires in addition to its token. */
const BROUGHT: Readonly<Partial<Record<EventToken, CmcdValues>>> = {
  ps: { sta: 'p' },
  e: { ec: ['E1'] },
  ce: { cen: 'x' },
  rr: { url: 'https://cdn.example/1.m4s' },
  bc: { br: [{ value: 5, type: 'v' }] },
  b: { bg: true },
  c: { cid: 'c' },
  pr: { pr: 1.5 },
}

/** Event reports that follow every rule for players, which the peer checks. */
export const report = fc
  .record({
    values: valuesOf(2),
    custom: strictCustom,
    ts: fc.integer({ min: 0, max: 4e12 }),
    e: fc.constantFrom(...(Object.keys(EVENTS).filter((token) => token !== 'h') as EventToken[])),
  })
  .map(({ values, custom, ts, e }) => encode(conforming({ ...BROUGHT[e], ...values, custom, ts, e })))

function conforming(values: CmcdValues): CmcdValues {
  const { e, ot, sf } = values
  const isMedia = ot === 'a' || ot === 'v' || ot === 'av'
  const unfit = new Set<string>([
    ...(e === 'rr' ? [] : KEYS.filter(({ modes }) => modes.join() === 'response').map(({ name }) => name)),
    ...(e === 'ce' ? [] : ['cen']),
    ...(isMedia ? [] : ['d', 'tpb']),
    ...(values.lb === undefined ? [] : ['lab']),
    ...(values.tb === undefined ? [] : ['tab']),
    ...(values.br === undefined ? [] : ['ab']),
    ...(sf === 'e' ? ['sf'] : []),
  ])
  return Object.fromEntries(Object.entries(values).filter(([name]) => !unfit.has(name)))
}

/** Telemetry by names, without unreported values. */
export const named = (values: TelemetryValues): Record<string, unknown> =>
  Object.fromEntries(
    FIELDS.filter(({ place }) => values[place] !== undefined).map(({ name, place }) => [name, values[place]]),
  )

export function said(decoded: Decoded): Record<string, unknown> {
  const { custom = [], ...record } = decoded as CmcdRecord
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  )
  // As an object, because the order of custom members has no meaning.
  if (custom.length > 0) values['custom'] = Object.fromEntries(custom.map(({ name, value }) => [name, value]))
  return values
}
