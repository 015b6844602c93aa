import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { canonicalForm, contract, fingerprint } from './canonical.ts'
import { drafts } from './generate.ts'
import { readSchema, SchemaFault } from './model.ts'

describe('reading a schema', () => {
  it('follows names across namespaces', () => {
    const schema = readSchema({
      type: 'record',
      name: 'A',
      namespace: 'one',
      fields: [
        { name: 'x', type: { type: 'fixed', name: 'F', size: 4 } },
        { name: 'y', type: 'F' },
        { name: 'z', type: 'one.F' },
        { name: 'w', type: { type: 'record', name: 'two.B', fields: [{ name: 'v', type: 'one.F' }] } },
      ],
    })
    const [x, y, z] = schema.fields.map(({ type }) => type)
    assert.deepEqual([y, z], [x, x])
  })

  const refused: Record<string, object> = {
    'no record': { type: 'array', items: 'int' },
    'an unknown name': { type: 'record', name: 'A', fields: [{ name: 'x', type: 'Nowhere' }] },
    'a record inside itself': { type: 'record', name: 'A', fields: [{ name: 'x', type: ['null', 'A'] }] },
    'a name defined twice': {
      type: 'record',
      name: 'A',
      fields: [{ name: 'x', type: { type: 'fixed', name: 'A', size: 1 } }],
    },
    'a record without fields': { type: 'record', name: 'A' },
  }
  for (const [name, json] of Object.entries(refused))
    it(`refuses ${name}`, () => assert.throws(() => readSchema(json), SchemaFault))
})

describe('canonical form', () => {
  it('is that of the specification', () => {
    const schema = readSchema({
      type: 'record',
      name: 'Event',
      namespace: 'x',
      doc: 'gone',
      aliases: ['y'],
      fields: [
        { name: 'id', type: { type: 'fixed', name: 'Id', size: 16 }, doc: 'gone' },
        { name: 'other', type: 'Id' },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
        { name: 'colour', type: { type: 'enum', name: 'Colour', symbols: ['RED'] }, default: 'RED' },
        { name: 'tags', type: { type: 'map', values: { type: 'array', items: ['null', 'string'] } }, default: {} },
      ],
    })
    assert.equal(
      canonicalForm(schema),
      '{"name":"x.Event","type":"record","fields":[' +
        '{"name":"id","type":{"name":"x.Id","type":"fixed","size":16}},{"name":"other","type":"x.Id"},{"name":"at","type":"long"},' +
        '{"name":"colour","type":{"name":"x.Colour","type":"enum","symbols":["RED"]}},' +
        '{"name":"tags","type":{"type":"map","values":{"type":"array","items":["null","string"]}}}]}',
    )
  })

  it('forgets documentation and defaults; the contract keeps defaults', () => {
    const schema = (doc: string, fallback: number): ReturnType<typeof readSchema> =>
      readSchema({ type: 'record', name: 'A', fields: [{ name: 'x', type: 'int', default: fallback, doc }] })
    assert.equal(fingerprint(schema('one', 0)), fingerprint(schema('two', 1)))
    assert.equal(contract(schema('one', 0)), contract(schema('two', 0)))
    assert.notEqual(contract(schema('one', 0)), contract(schema('one', 1)))
  })

  it('tells all topics apart', () => {
    const prints = drafts().map(({ schema }) => fingerprint(schema))
    assert.equal(new Set(prints).size, prints.length)
  })
})
