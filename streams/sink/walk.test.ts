import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import { recordOf } from '../../platform/avro/samples.ts'
import { newest } from '../../schemas/catalogue.ts'
import { TOPIC_NAMES } from '../../schemas/topics.ts'
import { Rows } from './rows.ts'
import { walkOf } from './walk.ts'

const HEADER = 5
const topics = fc.constantFrom(...TOPIC_NAMES)
const datum = topics.chain((topic) =>
  recordOf(topic).map((record) => ({ topic, value: openCodec(topic, openCatalogue()).encode(record) })),
)

describe('a walk', () => {
  it('ends at the end of every datum of its schema, and at no other place', () => {
    fc.assert(
      fc.property(datum, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 }), ({ topic, value }, cut, more) => {
        const walk = walkOf(newest(topic).schema)
        assert.equal(walk(value, HEADER, value.length), '')
        assert.notEqual(walk(value, HEADER, HEADER + (cut % (value.length - HEADER))), '')
        const longer = Buffer.concat([value, more])
        assert.equal(walk(longer, HEADER, longer.length), `${more.length} bytes are left over behind the datum`)
      }),
      { numRuns: 300 },
    )
  })

  it('ends on any bytes, within them', () => {
    fc.assert(
      fc.property(topics, fc.uint8Array({ maxLength: 200 }), (topic, bytes) => {
        assert.equal(typeof walkOf(newest(topic).schema)(Buffer.from(bytes), 0, bytes.length), 'string')
      }),
      { numRuns: 500 },
    )
  })
})

describe('rows', () => {
  it('give out their data to be looked at, and go on without some of them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2 ** 40), fc.uint8Array({ maxLength: 20 })), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat(29)),
        (data, chosen) => {
          const rows = new Rows(1)
          for (const [offset, bytes] of data) rows.add(offset, Buffer.from(bytes), 0, bytes.length)
          const hex = (each: Rows): string[] => [
            ...each.faults((bytes, start, end) => `=${bytes.toString('hex', start, end)}`).values(),
          ]
          assert.deepEqual(
            hex(rows),
            data.map(([, bytes]) => `=${Buffer.from(bytes).toString('hex')}`),
          )
          const left = data.filter((_, row) => !chosen.includes(row))
          const rest = rows.without(new Set(chosen))
          assert.deepEqual(
            hex(rest),
            left.map(([, bytes]) => `=${Buffer.from(bytes).toString('hex')}`),
          )
          assert.deepEqual(
            Array.from({ length: rest.count }, (_, row) => rest.offset(row)),
            left.map(([offset]) => offset),
          )
        },
      ),
    )
  })
})
