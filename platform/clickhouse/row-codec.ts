import type { Query, Store } from './port.ts'
import { RowReader, TextCache } from './row-reader.ts'

/**
 * Reads rows of a statement as RowBinary, which costs a tenth of JSON. A codec is built from one list of columns: it
 * writes the SELECT list and reads the answer, so neither the order nor the type of a column can differ between the
 * two.
 */

/**
 * 64-bit integers are read as numbers, exact up to 2^53; declare the column `{ exact: 'UInt64' }` if every bit matters.
 */
type Integer = 'UInt8' | 'UInt16' | 'UInt32' | 'UInt64' | 'Int8' | 'Int16' | 'Int32' | 'Int64'
type Text = 'String' | 'LowCardinality(String)'
type Plain = Integer | 'Float32' | 'Float64' | 'DateTime64(3)' | Text | `FixedString(${number})`
type Exact = { readonly exact: 'UInt64' | 'Int64' }
export type ColumnType = Plain | Exact | `Array(${Plain})` | `Map(${Plain}, ${Plain})`
export type Columns = Readonly<Record<string, ColumnType>>

/** DateTime64(3) is read as Unix milliseconds, FixedString as its bytes, an exact integer as a bigint. */
type ValueOf<T extends ColumnType> = T extends Exact
  ? bigint
  : T extends `Array(${infer E extends Plain})`
    ? ValueOf<E>[]
    : T extends `Map(${infer K extends Plain}, ${infer V extends Plain})`
      ? Map<ValueOf<K>, ValueOf<V>>
      : T extends Text
        ? string
        : T extends `FixedString(${string}`
          ? Uint8Array
          : number
export type RowOf<C extends Columns> = { -readonly [Name in keyof C]: ValueOf<C[Name]> }

export interface RowCodec<C extends Columns> {
  /** The SELECT list. `expressions` gives the expression for each column; each is cast to the type of its column. */
  select(expressions: Readonly<Record<keyof C, string>>): string
  /** Yields the rows in the order of the answer. Throws a RangeError if the bytes end within a row. */
  rows(bytes: Uint8Array): Generator<RowOf<C>, void, undefined>
}

/** The row type of a codec: `CodecRow<typeof TAIL>`. */
export type CodecRow<T> = T extends RowCodec<infer C> ? RowOf<C> : never

export function rowCodec<const C extends Columns>(columns: C): RowCodec<C> {
  const read = compile<RowOf<C>>(columns)
  return {
    select: (expressions) =>
      Object.entries(columns)
        .map(([name, type]) => `CAST(${expressions[name]!}, '${typeof type === 'string' ? type : type.exact}')`)
        .join(', '),
    *rows(bytes) {
      const reader = new RowReader(bytes)
      while (!reader.isAtEnd) yield read(reader)
    },
  }
}

/** Reads all rows of a statement whose SELECT list the codec wrote. For answers that fit in memory at once. */
export const readRows = async <C extends Columns>(
  store: Pick<Store, 'bytes'>,
  query: Query,
  codec: RowCodec<C>,
): Promise<RowOf<C>[]> => [...codec.rows(await store.bytes(query, 'RowBinary'))]

/**
 * Generates a function that reads one row: an object literal with all columns is six times faster than a loop over a
 * list of columns (200,000 rows of 26 columns: 150 ms, 900 ms). The source contains column names and nothing from
 * outside.
 */
function compile<Row>(columns: Columns): (reader: RowReader) => Row {
  const fields = Object.entries(columns).map(
    ([name, type], i) => `${JSON.stringify(name)}: ${sourceOf(type, `caches[${i}]`)}`,
  )
  const caches = Object.keys(columns).map(() => new TextCache())
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function('caches', `return (reader) => ({ ${fields.join(', ')} })`) as (
    caches: readonly TextCache[],
  ) => (reader: RowReader) => Row
  return make(caches)
}

/** Source of an expression over `reader` that reads one value. */
function sourceOf(type: ColumnType, cache: string): string {
  if (typeof type !== 'string') return type.exact === 'UInt64' ? 'reader.bigUint64()' : 'reader.bigInt64()'
  const [, element] = /^Array\((.*)\)$/.exec(type) ?? []
  if (element !== undefined) return `reader.list(() => ${sourceOf(element as Plain, cache)})`
  const [, key, value] = /^Map\((.*), (.*)\)$/.exec(type) ?? []
  if (key !== undefined) {
    const [readKey, readValue] = [key, value].map((each) => sourceOf(each as Plain, cache))
    return `reader.map(() => ${readKey}, () => ${readValue})`
  }
  const [, length] = /^FixedString\((\d+)\)$/.exec(type) ?? []
  if (length !== undefined) return `reader.bytes(${length})`
  return METHODS[type as keyof typeof METHODS](cache)
}

const METHODS: Readonly<Record<Exclude<Plain, `FixedString(${number})`>, (cache: string) => string>> = {
  UInt8: () => 'reader.uint8()',
  UInt16: () => 'reader.uint16()',
  UInt32: () => 'reader.uint32()',
  UInt64: () => 'reader.uint64()',
  Int8: () => 'reader.int8()',
  Int16: () => 'reader.int16()',
  Int32: () => 'reader.int32()',
  Int64: () => 'reader.int64()',
  Float32: () => 'reader.float32()',
  Float64: () => 'reader.float64()',
  'DateTime64(3)': () => 'reader.int64()',
  String: () => 'reader.text()',
  'LowCardinality(String)': (cache) => `reader.cachedText(${cache})`,
}
