import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type AvroInsert, StoreError } from '../../platform/clickhouse/port.ts'
import { fateOf } from './fate.ts'
import { landPart, type Landing, type LandingPlan } from './land.ts'
import { readSchema } from '../../schemas/model.ts'
import { Rows } from './rows.ts'
import { walkOf } from './walk.ts'

const plan: LandingPlan = {
  fingerprint: 'f',
  target: { table: 't', columns: ['a'] },
  structure: '_off Int64, a String, _end Int64',
  header: Buffer.alloc(0),
  sync: Buffer.alloc(16),
}
const schema = readSchema({ type: 'record', name: 'R', doc: '', fields: [{ name: 'a', type: 'string', doc: '' }] })
const name = { topic: 't', partition: 0, start: 0, end: 99, fingerprint: 'f' }

const rowsOf = (count: number): Rows => {
  const rows = new Rows()
  for (let offset = 0; offset < count; offset++) rows.add(offset, Buffer.from([2, 97]), 0, 2)
  return rows
}
const tokenOf = ({ sql }: AvroInsert): string => /insert_deduplication_token = '([^']+)'/.exec(sql)?.[1] ?? ''
const rangeOf = (token: string, count: number): [number, number] => {
  const match = /-r(\d+)\.(\d+)$/.exec(token)
  return match === null ? [0, count] : [Number(match[1]), Number(match[2])]
}

/** A table that refuses poison before the write, fails now and then after it, and knows its tokens. */
const table = (count: number, poison: ReadonlySet<number>, failures: Iterator<boolean>) => {
  const landed = new Map<string, [number, number]>()
  const insert = async (statement: AvroInsert): Promise<void> => {
    const token = tokenOf(statement)
    const [from, to] = rangeOf(token, count)
    for (let row = from; row < to; row++)
      if (poison.has(row)) throw new StoreError('Code: 748. DB::Exception: avro::Exception: EOF reached', 748)
    landed.set(token, [from, to])
    if (failures.next().value === true) throw new StoreError('Code: 241. memory limit, or the connection was lost', 0)
  }
  const landing: Landing = {
    clock: { now: () => 0, sleep: async () => undefined },
    insert,
    lease: async () => 1,
    signal: new AbortController().signal,
    onRetry: () => undefined,
  }
  return { landed, landing }
}

describe('landing a part', () => {
  it('lands every row but the poison exactly once, whatever fails after the write, and again the same on replay', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.nat(63)),
        fc.array(fc.boolean(), { maxLength: 20 }),
        async (count, poisoned, failures) => {
          const poison = new Set(poisoned.filter((row) => row < count))
          const { landed, landing } = table(count, poison, failures[Symbol.iterator]())
          const first = await landPart(landing, plan, name, rowsOf(count))
          const tokens = [...landed.keys()]
          const second = await landPart(landing, plan, name, rowsOf(count))
          assert.deepEqual([...landed.keys()], tokens)
          assert.deepEqual(second, first)
          assert.deepEqual(
            first.map(({ offset }) => offset),
            [...poison].toSorted((a, b) => a - b),
          )
          const rows = [...landed.values()]
            .flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i))
            .toSorted((a, b) => a - b)
          assert.deepEqual(
            rows,
            Array.from({ length: count }, (_, i) => i).filter((row) => !poison.has(row)),
          )
        },
      ),
    )
  })

  it('finds what can be seen to be poison without searching: one insert for the rest, however much there is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 64 }), fc.array(fc.nat(63)), async (count, poisoned) => {
        const poison = new Set(poisoned.filter((row) => row < count))
        const rows = new Rows()
        for (let offset = 0; offset < count; offset++)
          rows.add(offset, Buffer.from(poison.has(offset) ? [6, 97] : [2, 97]), 0, 2)
        const sent: AvroInsert[] = []
        const insert = async (statement: AvroInsert): Promise<void> => {
          sent.push(statement)
          if (sent.length === 1 && poison.size > 0)
            throw new StoreError('Code: 748. DB::Exception: avro::Exception: EOF reached', 748)
        }
        const found = await landPart(
          { ...table(0, new Set(), [][Symbol.iterator]()).landing, insert },
          { ...plan, walk: walkOf(schema) },
          name,
          rows,
        )
        assert.deepEqual(
          found.map(({ offset }) => offset),
          [...poison].toSorted((a, b) => a - b),
        )
        assert.equal(sent.length, poison.size === 0 || poison.size === count ? 1 : 2)
        assert.equal(new Set(sent.map(tokenOf)).size, sent.length)
      }),
    )
  })

  it('bisects only what is proven to come before the write', () => {
    const fates: [string, number, string][] = [
      ['Code: 748. DB::Exception: avro::Exception: EOF reached. (AVRO_EXCEPTION)', 748, 'poison'],
      ["Code: 395. DB::Exception: frame: while executing 'FUNCTION throwIf(...)", 395, 'poison'],
      ["Code: 395. DB::Exception: lease: while executing 'FUNCTION throwIf(...)", 395, 'lease'],
      ["Code: 395. DB::Exception: my view: while executing 'FUNCTION throwIf(x, 'frame')", 395, 'retry'],
      ['Code: 1001. DB::Exception: std::exception: out of disk', 1001, 'retry'],
      ['Code: 241. DB::Exception: memory limit exceeded', 241, 'retry'],
      ['socket hang up', 0, 'retry'],
    ]
    for (const [message, code, fate] of fates) assert.equal(fateOf(new StoreError(message, code)), fate, message)
    assert.equal(fateOf(new Error('anything')), 'retry')
  })
})
