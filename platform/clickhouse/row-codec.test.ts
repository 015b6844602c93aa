import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from './embedded.ts'
import type { Store } from './port.ts'
import { readRows, rowCodec, type CodecRow } from './row-codec.ts'

const CODEC = rowCodec({
  u8: 'UInt8',
  u16: 'UInt16',
  u32: 'UInt32',
  u64: 'UInt64',
  i8: 'Int8',
  i16: 'Int16',
  i32: 'Int32',
  i64: 'Int64',
  all: { exact: 'UInt64' },
  signed: { exact: 'Int64' },
  f32: 'Float32',
  f64: 'Float64',
  time: 'DateTime64(3)',
  text: 'String',
  few: 'LowCardinality(String)',
  fixed: 'FixedString(4)',
  list: 'Array(Int64)',
  texts: 'Array(LowCardinality(String))',
  counts: 'Map(String, UInt32)',
})
type Row = CodecRow<typeof CODEC>

const whole = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 })
const signed = (bits: number): fc.Arbitrary<number> => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
const safe = fc.maxSafeInteger()
const text = fc.string({ unit: 'binary', maxLength: 200 })
const row: fc.Arbitrary<Row> = fc.record(
  {
    u8: whole(8),
    u16: whole(16),
    u32: whole(32),
    u64: fc.maxSafeNat(),
    i8: signed(8),
    i16: signed(16),
    i32: signed(32),
    i64: safe,
    all: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    signed: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    f32: fc.float({ noNaN: true }),
    f64: fc.double({ noNaN: true }),
    time: fc.integer({ min: Date.UTC(1901, 0), max: Date.UTC(2299, 0) }),
    text,
    few: fc.oneof(fc.constantFrom('', 'DE', 'FR', 'c001.us'), text),
    fixed: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    list: fc.array(safe, { maxLength: 200 }),
    texts: fc.array(fc.constantFrom('', 'a', 'ä', '日本'), { maxLength: 5 }),
    counts: fc.array(fc.tuple(text, whole(32)), { maxLength: 5 }).map((pairs) => new Map(pairs)),
  },
  { noNullPrototype: true },
)

/** A value as an SQL literal, written by other means than those that are tested. */
const bytesSql = (bytes: Uint8Array): string => `unhex('${Buffer.from(bytes).toString('hex')}')`
const textSql = (value: string): string => bytesSql(Buffer.from(value))
const numberSql = (value: number): string => `reinterpretAsFloat64(unhex('${hexOf(value)}'))`
function hexOf(value: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes.toString('hex')
}
const literals = (values: Row): Record<keyof Row, string> => ({
  u8: `${values.u8}`,
  u16: `${values.u16}`,
  u32: `${values.u32}`,
  u64: `${values.u64}`,
  i8: `${values.i8}`,
  i16: `${values.i16}`,
  i32: `${values.i32}`,
  i64: `${values.i64}`,
  all: `'${values.all}'`,
  signed: `'${values.signed}'`,
  f32: numberSql(values.f32),
  f64: numberSql(values.f64),
  time: `fromUnixTimestamp64Milli(toInt64(${values.time}))`,
  text: textSql(values.text),
  few: textSql(values.few),
  fixed: bytesSql(values.fixed),
  list: `[${values.list.map((each) => `toInt64(${each})`).join(', ')}]`,
  texts: `[${values.texts.map(textSql).join(', ')}]`,
  counts: `map(${[...values.counts].map(([key, count]) => `${textSql(key)}, toUInt32(${count})`).join(', ')})`,
})

describe('the codec of rows', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-codec-'))
  let store: Store
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('reads what the engine writes, whatever the values', () =>
    fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
        const each = await Promise.all(
          rows.map((values) => readRows(store, { sql: `SELECT ${CODEC.select(literals(values))}` }, CODEC)),
        )
        assert.deepEqual(each.flat(), rows)
      }),
      { numRuns: 30 },
    ))

  it('reads many rows, each as its own', async () => {
    const codec = rowCodec({ n: 'UInt32', name: 'LowCardinality(String)', list: 'Array(UInt8)' })
    const expressions = { n: 'number', name: `concat('t', toString(number % 3000))`, list: 'range(number % 3)' }
    const rows = await readRows(store, { sql: `SELECT ${codec.select(expressions)} FROM numbers(10000)` }, codec)
    assert.deepEqual(
      rows,
      Array.from({ length: 10_000 }, (_, n) => ({
        n,
        name: `t${n % 3_000}`,
        list: Array.from({ length: n % 3 }, (__, i) => i),
      })),
    )
  })

  it('is handed columns in its own order, whatever the order of the expressions', async () => {
    const codec = rowCodec({ a: 'UInt8', b: 'String' })
    assert.equal(codec.select({ b: `'x'`, a: '1' }), codec.select({ a: '1', b: `'x'` }))
    assert.deepEqual(await readRows(store, { sql: `SELECT ${codec.select({ b: `'x'`, a: '1' })}` }, codec), [
      { a: 1, b: 'x' },
    ])
  })

  it('refuses an answer that ends within a row', async () => {
    const codec = rowCodec({ a: 'Int64', b: 'String', c: 'LowCardinality(String)' })
    const bytes = await store.bytes(`SELECT ${codec.select({ a: '1', b: `'text'`, c: `'few'` })}`, 'RowBinary')
    assert.equal([...codec.rows(bytes)].length, 1)
    for (let length = 1; length < bytes.length; length++)
      assert.throws(() => [...codec.rows(bytes.subarray(0, length))], RangeError, `${length} bytes`)
  })
})
