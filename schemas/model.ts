/**
 * Model of an Avro schema as a resolved tree: names are full names, references are followed. Types, DDL, compatibility
 * and fingerprints are all derived from this tree.
 *
 * Source: Apache Avro 1.12 specification. Recursive types are refused: a table cannot hold them.
 */
export type AvroType = Primitive | Fixed | Enumeration | Sequence | Dictionary | Union | AvroRecord

export type PrimitiveName = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string'

export interface Primitive {
  readonly kind: PrimitiveName
  readonly logical?: string
}
export interface Fixed {
  readonly kind: 'fixed'
  readonly name: string
  readonly size: number
}
export interface Enumeration {
  readonly kind: 'enum'
  readonly name: string
  readonly symbols: readonly string[]
  readonly fallback?: string
}
export interface Sequence {
  readonly kind: 'array'
  readonly items: AvroType
}
export interface Dictionary {
  readonly kind: 'map'
  readonly values: AvroType
}
export interface Union {
  readonly kind: 'union'
  readonly branches: readonly AvroType[]
}
export interface AvroRecord {
  readonly kind: 'record'
  readonly name: string
  readonly doc: string
  readonly fields: readonly Field[]
}
export interface Field {
  readonly name: string
  readonly type: AvroType
  readonly doc: string
  /** The default, in Avro's JSON form; absent if the field must be written. */
  readonly fallback?: { readonly value: unknown }
  /** ClickHouse type that the schema sets instead of the derived one. */
  readonly clickhouse?: string
}

/** Any JSON value: a schema before it is read. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** What is wrong with a schema, and where. */
export class SchemaFault extends Error {
  readonly code = 'SCHEMA_INVALID'
}

const PRIMITIVES: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
])

/** Reads a record schema. Throws SchemaFault if it is not one, or one that playloop does not support. */
export function readSchema(json: unknown): AvroRecord {
  const type = read(json as Json, { namespace: '', known: new Map(), path: '' })
  if (type.kind !== 'record') throw new SchemaFault(`a record is wanted, not ${type.kind}`)
  return type
}

export const isPrimitive = (type: AvroType): type is Primitive => PRIMITIVES.has(type.kind)

/** The type inside a nullable type, or the type itself. Undefined for any other union. */
export function unwrapNull(type: AvroType): { readonly type: AvroType; readonly nullable: boolean } | undefined {
  if (type.kind !== 'union') return { type, nullable: false }
  const branches = type.branches.filter(({ kind }) => kind !== 'null')
  const only = branches[0]
  return branches.length === 1 && only !== undefined && type.branches.length === 2
    ? { type: only, nullable: true }
    : undefined
}

interface Scope {
  readonly namespace: string
  /** Named types seen so far; 'open' while their own body is being read. */
  readonly known: Map<string, AvroType | 'open'>
  readonly path: string
}

type JsonObject = { readonly [name: string]: Json }

function read(json: Json, scope: Scope): AvroType {
  if (typeof json === 'string') return byName(json, scope)
  if (Array.isArray(json))
    return { kind: 'union', branches: (json as readonly Json[]).map((branch) => read(branch, scope)) }
  if (json === null || typeof json !== 'object')
    throw new SchemaFault(`${scope.path || 'schema'}: not a type: ${JSON.stringify(json)}`)
  return readObject(json as JsonObject, scope)
}

function readObject(json: JsonObject, scope: Scope): AvroType {
  const kind = json['type']
  switch (typeof kind === 'string' ? kind : '') {
    case 'record':
      return readRecord(json, scope)
    case 'fixed':
      return named(json, scope, (name) => ({ kind: 'fixed', name, size: Number(json['size']) }))
    case 'enum':
      return named(json, scope, (name) => ({
        kind: 'enum',
        name,
        symbols: json['symbols'] as readonly string[],
        ...fallbackSymbol(json),
      }))
    case 'array':
      return { kind: 'array', items: read(json['items'] ?? null, scope) }
    case 'map':
      return { kind: 'map', values: read(json['values'] ?? null, scope) }
    default:
      return withLogical(read(kind ?? null, scope), json['logicalType'])
  }
}

function readRecord(json: JsonObject, scope: Scope): AvroType {
  const fields = json['fields']
  if (!Array.isArray(fields)) throw new SchemaFault(`${scope.path || 'schema'}: a record needs fields`)
  return named(json, scope, (name) => ({
    kind: 'record',
    name,
    doc: text(json['doc']),
    fields: (fields as readonly JsonObject[]).map((field) =>
      readField(field, { ...scope, namespace: namespaceOf(name) }),
    ),
  }))
}

function readField(json: JsonObject, scope: Scope): Field {
  const name = text(json['name'])
  const clickhouse = json['clickhouse']
  return {
    name,
    type: read(json['type'] ?? null, { ...scope, path: scope.path === '' ? name : `${scope.path}.${name}` }),
    doc: text(json['doc']),
    ...('default' in json ? { fallback: { value: json['default'] } } : {}),
    ...(typeof clickhouse === 'string' ? { clickhouse } : {}),
  }
}

function byName(name: string, { namespace, known, path }: Scope): AvroType {
  if (PRIMITIVES.has(name)) return { kind: name as PrimitiveName }
  const type = known.get(fullName(name, namespace)) ?? known.get(name)
  if (type === undefined) throw new SchemaFault(`${path || 'schema'}: unknown type '${name}'`)
  if (type === 'open') throw new SchemaFault(`${path || 'schema'}: '${name}' holds itself; recursive types are refused`)
  return type
}

function named<T extends AvroType>(json: JsonObject, scope: Scope, build: (name: string) => T): T {
  const own = json['namespace']
  const name = fullName(text(json['name']), typeof own === 'string' ? own : scope.namespace)
  if (scope.known.has(name)) throw new SchemaFault(`${scope.path || 'schema'}: '${name}' is defined twice`)
  scope.known.set(name, 'open')
  const type = build(name)
  scope.known.set(name, type)
  return type
}

const withLogical = (type: AvroType, logical: Json | undefined): AvroType =>
  typeof logical === 'string' && PRIMITIVES.has(type.kind) ? { ...(type as Primitive), logical } : type

const fallbackSymbol = (json: JsonObject): { fallback?: string } => {
  const symbol = json['default']
  return typeof symbol === 'string' ? { fallback: symbol } : {}
}

const text = (json: Json | undefined): string => (typeof json === 'string' ? json : '')
const fullName = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
const namespaceOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')))
