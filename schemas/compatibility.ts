import { isPrimitive, type AvroRecord, type AvroType, type Field } from './model.ts'

/**
 * FULL compatibility of two versions: each reads what the other wrote. Checked against every published version this is
 * FULL_TRANSITIVE, so a log can be replayed from its first record.
 *
 * Returns one line per incompatibility; empty if compatible. Stricter than Avro where a table requires it: a column
 * keeps its type, so even int -> long is refused.
 *
 * Source: Avro 1.12, "Schema Resolution"; Confluent Schema Registry, compatibility types.
 */
export function incompatibilities(next: AvroRecord, earlier: AvroRecord): string[] {
  return [
    ...new Set([
      ...readingFaults(next, earlier, ''),
      ...readingFaults(earlier, next, ''),
      ...columnFaults(next, earlier),
    ]),
  ]
}

/** Reasons why `reader` cannot read data of `writer`. */
export function readingFaults(reader: AvroType, writer: AvroType, path: string): string[] {
  if (reader.kind === 'union' || writer.kind === 'union') return unionFaults(reader, writer, path)
  if (reader.kind !== writer.kind)
    return promotes(writer, reader) ? [] : [`${path || 'schema'}: ${writer.kind} cannot be read as ${reader.kind}`]
  if (isPrimitive(reader)) return logicalFaults(reader, writer, path)
  switch (reader.kind) {
    case 'record':
      return recordFaults(reader, writer as AvroRecord, path)
    case 'fixed':
      return nameFaults(reader, writer, path).concat(
        reader.size === (writer as typeof reader).size ? [] : [`${path}: fixed sizes differ`],
      )
    case 'enum':
      return nameFaults(reader, writer, path).concat(symbolFaults(reader, writer as typeof reader, path))
    case 'array':
      return readingFaults(reader.items, (writer as typeof reader).items, `${path}[]`)
    case 'map':
      return readingFaults(reader.values, (writer as typeof reader).values, `${path}{}`)
  }
}

function recordFaults(reader: AvroRecord, writer: AvroRecord, path: string): string[] {
  const written = new Map(writer.fields.map((field) => [field.name, field]))
  const faults = reader.fields.flatMap((field) => fieldFaults(field, written.get(field.name), path))
  return [...nameFaults(reader, writer, path), ...faults]
}

function fieldFaults(field: Field, written: Field | undefined, path: string): string[] {
  const place = path === '' ? field.name : `${path}.${field.name}`
  if (written !== undefined) return readingFaults(field.type, written.type, place)
  return field.fallback === undefined ? [`${place}: has no default, and one of the versions does not have it`] : []
}

/** The reader must know every branch that may have been written. */
function unionFaults(reader: AvroType, writer: AvroType, path: string): string[] {
  return branchesOf(writer).flatMap((branch) => {
    const known = branchesOf(reader).some((candidate) => readingFaults(candidate, branch, path).length === 0)
    return known
      ? []
      : [
          `${path || 'schema'}: ${branch.kind} cannot be read as ${branchesOf(reader)
            .map(({ kind }) => kind)
            .join(' or ')}`,
        ]
  })
}

function symbolFaults(
  reader: AvroType & { kind: 'enum' },
  writer: AvroType & { kind: 'enum' },
  path: string,
): string[] {
  const missing = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol))
  return missing.length === 0 || reader.fallback !== undefined
    ? []
    : [`${path}: symbols ${missing.join(', ')} are unknown and there is no default`]
}

const nameFaults = (reader: { name: string }, writer: AvroType, path: string): string[] =>
  'name' in writer && writer.name !== reader.name ? [`${path || 'schema'}: ${writer.name} is not ${reader.name}`] : []

/** Avro ignores logical types, but a table does not: a time would become a number. */
const logicalFaults = (reader: AvroType, writer: AvroType, path: string): string[] =>
  logicalOf(reader) === logicalOf(writer) ? [] : [`${path}: logical types differ`]

/** A column keeps its type: a later schema must not set another `clickhouse` type for its field. */
function columnFaults(next: AvroRecord, earlier: AvroRecord): string[] {
  const before = new Map(earlier.fields.map((field) => [field.name, field]))
  return next.fields.flatMap((field) => {
    const old = before.get(field.name)
    return old === undefined || old.clickhouse === field.clickhouse
      ? []
      : [`${field.name}: its column was ${old.clickhouse ?? 'derived'}, and a column keeps its type`]
  })
}

/** Avro reads strings as bytes and bytes as strings; a text column does not. */
const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
}

const promotes = (writer: AvroType, reader: AvroType): boolean =>
  PROMOTIONS[writer.kind]?.includes(reader.kind) ?? false
const branchesOf = (type: AvroType): readonly AvroType[] => (type.kind === 'union' ? type.branches : [type])
const logicalOf = (type: AvroType): string | undefined => ('logical' in type ? type.logical : undefined)
