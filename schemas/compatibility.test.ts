import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import avsc from 'avsc'
import { versionsOf } from './catalogue.ts'
import { incompatibilities } from './compatibility.ts'
import { drafts } from './generate.ts'
import { readSchema } from './model.ts'
import { nextVersion, publishedFile, type PublishedFile } from './publish.ts'

describe('every draft is compatible with every published version of its topic', () => {
  for (const { topic, schema } of drafts()) {
    it(topic, () => {
      for (const { version, schema: earlier } of versionsOf(topic))
        assert.deepEqual(incompatibilities(schema, earlier), [], `against v${version}`)
    })
  }
})

interface FieldJson {
  readonly name: string
  readonly type: unknown
  readonly default?: unknown
  readonly clickhouse?: string
}
const record = (fields: readonly FieldJson[], name = 'Sample'): object => ({
  type: 'record',
  name,
  namespace: 'playloop',
  fields,
})
const colour = (symbols: readonly string[], fallback?: string): object => ({
  type: 'enum',
  name: 'Colour',
  symbols,
  ...(fallback === undefined ? {} : { default: fallback }),
})

const BASE: readonly FieldJson[] = [
  { name: 'id', type: 'string' },
  { name: 'count', type: 'int', default: 0 },
  { name: 'size', type: 'long', default: 0 },
  { name: 'note', type: ['null', 'string'], default: null },
  { name: 'when', type: { type: 'long', logicalType: 'timestamp-millis' }, default: 0 },
  { name: 'digest', type: { type: 'fixed', name: 'Digest', size: 16 } },
  { name: 'colour', type: colour(['red', 'green'], 'red'), default: 'red' },
  {
    name: 'parts',
    type: { type: 'array', items: { type: 'record', name: 'Part', fields: [{ name: 'a', type: 'int' }] } },
    default: [],
  },
  { name: 'shape', type: { type: 'enum', name: 'Shape', symbols: ['round'] }, default: 'round' },
  { name: 'place', type: 'string', default: '', clickhouse: 'LowCardinality(String)' },
]
const base = record(BASE)
const without = (name: string): readonly FieldJson[] => BASE.filter((field) => field.name !== name)
const withChange = (name: string, change: Partial<FieldJson>): readonly FieldJson[] =>
  BASE.map((field) => (field.name === name ? { ...field, ...change } : field))
const part = (fields: readonly FieldJson[]): Partial<FieldJson> => ({
  type: { type: 'array', items: { type: 'record', name: 'Part', fields } },
})

const faults = (next: object): string[] => incompatibilities(readSchema(next), readSchema(base))

describe('what may change', () => {
  const allowed: Record<string, object> = {
    nothing: base,
    'a field with a default is added': record([...BASE, { name: 'more', type: 'double', default: 0 }]),
    'a field with a default is taken away': record(without('count')),
    'fields stand in another order': record([...BASE].reverse()),
    'a field inside a list of records is added with a default': record(
      withChange(
        'parts',
        part([
          { name: 'a', type: 'int' },
          { name: 'b', type: 'int', default: 1 },
        ]),
      ),
    ),
    'a symbol is added to an enum that has a default on both sides': record(
      withChange('colour', { type: colour(['red', 'green', 'blue'], 'red') }),
    ),
  }
  for (const [name, next] of Object.entries(allowed)) it(name, () => assert.deepEqual(faults(next), []))
})

describe('what may not', () => {
  const refused: Record<string, object> = {
    'a field without a default is added': record([...BASE, { name: 'more', type: 'string' }]),
    'a field without a default is taken away': record(without('id')),
    'a default is taken from a field and the field with it, in two steps': record(without('digest')),
    'a field is renamed': record(withChange('count', { name: 'number' }).map(({ default: _gone, ...field }) => field)),
    'a type changes': record(withChange('id', { type: 'int' })),
    'int becomes long: the old version could not read it': record(withChange('count', { type: 'long' })),
    'long becomes int': record(withChange('size', { type: 'int' })),
    'string becomes bytes, though Avro reads both ways': record(withChange('id', { type: 'bytes' })),
    'null is let in': record(withChange('id', { type: ['null', 'string'] })),
    'null is no longer let in': record(withChange('note', { type: 'string' })),
    'a branch joins a union': record(withChange('note', { type: ['null', 'string', 'int'] })),
    'a time becomes a number': record(withChange('when', { type: 'long' })),
    'a fixed changes its size': record(withChange('digest', { type: { type: 'fixed', name: 'Digest', size: 32 } })),
    'a fixed changes its name': record(withChange('digest', { type: { type: 'fixed', name: 'Hash', size: 16 } })),
    'a symbol is added to an enum without a default': record(
      withChange('shape', { type: { type: 'enum', name: 'Shape', symbols: ['round', 'square'] } }),
    ),
    'a field of a nested record is added without a default': record(
      withChange(
        'parts',
        part([
          { name: 'a', type: 'int' },
          { name: 'b', type: 'int' },
        ]),
      ),
    ),
    'items of a list change': record(withChange('parts', { type: { type: 'array', items: 'string' } })),
    'the record is renamed': record(BASE, 'Other'),
    'a column would change its type': record(withChange('place', { clickhouse: 'String' })),
  }
  for (const [name, next] of Object.entries(refused)) it(name, () => assert.notDeepEqual(faults(next), []))

  it('and the Avro library agrees wherever it refuses one of the two directions', () => {
    const reads = (reader: object, writer: object): boolean => {
      try {
        avsc.Type.forSchema(reader as avsc.Schema).createResolver(avsc.Type.forSchema(writer as avsc.Schema))
        return true
      } catch {
        return false
      }
    }
    const strange = Object.entries(refused)
      .filter(([, next]) => reads(next, base) && reads(base, next))
      .map(([name]) => name)
    // Where it does not, a table asks for more than Avro: columns keep their types.
    assert.deepEqual(strange, [
      'string becomes bytes, though Avro reads both ways',
      'a time becomes a number',
      'a column would change its type',
    ])
  })
})

describe('publishing', () => {
  const earlier: PublishedFile[] = [
    { catalogueId: 1_000_000_001, topic: 'oca.reports', version: 1, json: base },
    { catalogueId: 1_000_000_007, topic: 'viewer.actions', version: 1, json: base },
  ]

  it('takes the next id of all and the next version of the topic', () => {
    const json = record([...BASE, { name: 'more', type: 'int', default: 0 }])
    const { catalogueId, version } = nextVersion('oca.reports', readSchema(json), json, earlier)
    assert.deepEqual({ catalogueId, version }, { catalogueId: 1_000_000_008, version: 2 })
  })

  it('refuses against every earlier version, not the last alone', () => {
    const dropped = record(without('count'))
    const history = [
      ...earlier,
      { catalogueId: 1_000_000_008, topic: 'oca.reports' as const, version: 2, json: dropped },
    ]
    const back = record(withChange('count', { type: 'string', default: '' }))
    assert.throws(() => nextVersion('oca.reports', readSchema(back), back, history), /against v1: count/)
  })

  it('writes a file from which a later change would show', () => {
    assert.match(
      publishedFile(earlier[0]!),
      /"catalogueId": 1000000001,\n {2}"sha256": "[0-9a-f]{64}",\n {2}"type": "record"/,
    )
  })
})
