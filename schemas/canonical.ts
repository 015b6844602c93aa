import { createHash } from 'node:crypto'
import { isPrimitive, type AvroRecord, type AvroType, type Field } from './model.ts'

/**
 * Parsing Canonical Form: equal for two schemas with the same data layout, whatever their documentation, defaults and
 * attributes. Source: Avro 1.12, "Parsing Canonical Form for Schemas".
 */
export function canonicalForm(schema: AvroRecord): string {
  return canonical(schema, new Set())
}

/** SHA-256 of the canonical form, hex. Identifies a registry's schema as one of playloop's. */
export function fingerprint(schema: AvroRecord): string {
  return createHash('sha256').update(canonicalForm(schema)).digest('hex')
}

/**
 * Everything that readers and tables depend on: layout, defaults, logical types and column types, but not
 * documentation. Two drafts with the same contract need no new version.
 */
export function contract(schema: AvroRecord): string {
  return JSON.stringify(schema, (key, value: unknown) => (key === 'doc' ? undefined : value))
}

function canonical(type: AvroType, seen: Set<string>): string {
  if (isPrimitive(type)) return JSON.stringify(type.kind)
  switch (type.kind) {
    case 'record':
      return once(
        type.name,
        seen,
        () => `"type":"record","fields":[${type.fields.map((field) => canonicalField(field, seen)).join(',')}]`,
      )
    case 'fixed':
      return once(type.name, seen, () => `"type":"fixed","size":${type.size}`)
    case 'enum':
      return once(type.name, seen, () => `"type":"enum","symbols":${JSON.stringify(type.symbols)}`)
    case 'array':
      return `{"type":"array","items":${canonical(type.items, seen)}}`
    case 'map':
      return `{"type":"map","values":${canonical(type.values, seen)}}`
    case 'union':
      return `[${type.branches.map((branch) => canonical(branch, seen)).join(',')}]`
  }
}

const canonicalField = ({ name, type }: Field, seen: Set<string>): string =>
  `{"name":${JSON.stringify(name)},"type":${canonical(type, seen)}}`

/** A named type is written in full where it first occurs, and by name afterwards. */
function once(name: string, seen: Set<string>, body: () => string): string {
  if (seen.has(name)) return JSON.stringify(name)
  seen.add(name)
  return `{"name":${JSON.stringify(name)},${body()}}`
}
