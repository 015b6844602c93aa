import { SchemaFault, unwrapNull, type AvroType, type Field } from './model.ts'

/** Type of a field's column: the schema's `clickhouse` attribute, otherwise derived from the Avro type. */
export function columnType(field: Field): string {
  if (field.clickhouse === undefined) return derived(field.type, "DateTime64(3, 'UTC')")
  if (field.type.kind !== 'string') throw new SchemaFault(`${field.name}: only a string may name its own column type`)
  return field.clickhouse
}

/** Type with which a written field is read: plain and without quotes, because it is placed inside a string. */
export const wireType = (type: AvroType): string => derived(type, 'DateTime64(3)')

/** A field's default as SQL; undefined if it has none. */
export function defaultExpression({ name, type, fallback }: Field): string | undefined {
  if (fallback === undefined) return undefined
  return literal(fallback.value, type, name)
}

/** Quotes names only if necessary, so that generated SQL stays readable. */
export const quoteName = (name: string): string =>
  /^[a-z_]\w*$/i.test(name) && !RESERVED.has(name) ? name : `\`${name}\``

const RESERVED: ReadonlySet<string> = new Set([
  'from',
  'to',
  'order',
  'group',
  'select',
  'where',
  'format',
  'settings',
  'limit',
  'index',
])

function derived(type: AvroType, time: string): string {
  switch (type.kind) {
    case 'string':
    case 'bytes':
    case 'enum':
      return 'String'
    case 'boolean':
      return 'Bool'
    case 'int':
      return 'Int32'
    case 'long':
      return type.logical === 'timestamp-millis' ? time : 'Int64'
    case 'float':
      return 'Float32'
    case 'double':
      return 'Float64'
    case 'fixed':
      return `FixedString(${type.size})`
    case 'array':
      return `Array(${derived(type.items, time)})`
    case 'map':
      return `Map(String, ${derived(type.values, time)})`
    case 'record':
      return `Tuple(${type.fields.map((field) => `${quoteName(field.name)} ${derived(field.type, time)}`).join(', ')})`
    case 'union':
      return nullable(type, time)
    case 'null':
      throw new SchemaFault('a column cannot hold null alone')
  }
}

function nullable(type: AvroType, time: string): string {
  const inner = unwrapNull(type)
  if (inner === undefined) throw new SchemaFault('a union may hold null and one other type')
  if (['array', 'map', 'record'].includes(inner.type.kind))
    throw new SchemaFault(`ClickHouse has no Nullable(${inner.type.kind}): use an empty default`)
  return `Nullable(${derived(inner.type, time)})`
}

function literal(value: unknown, type: AvroType, name: string): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (typeof value === 'string' && type.kind === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  if (Array.isArray(value) && value.length === 0) return '[]'
  if (typeof value === 'object' && Object.keys(value).length === 0) return 'map()'
  throw new SchemaFault(`${name}: no column can be given the default ${JSON.stringify(value)}`)
}
