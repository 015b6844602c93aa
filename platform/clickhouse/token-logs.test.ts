import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { mendedLog, mendTokenLogs } from './token-logs.ts'

const token = (n: number): string => `202611_${n}77_${n}99`
const add = (n: number): string => `1\t202611_${n}_${n}_0\t${token(n)}\n`
const drop = (n: number): string => `2\t202611_${n}_${n}_0\t${token(n)}\n`
const ALL = ['202611_0_99999_3']

describe('a log of tokens', () => {
  it('that is whole stays as it is', () => {
    for (const text of ['', add(1), add(1) + drop(1) + add(2)]) assert.equal(mendedLog(text, ALL), text)
  })

  it('loses half a record, and keeps every whole one behind it', () => {
    const whole = fc.array(fc.nat(9_999).map(add), { minLength: 1, maxLength: 8 })
    const torn = fc.tuple(fc.nat(9_999), fc.nat()).map(([n, cut]) => add(n).slice(0, cut % add(n).length))
    fc.assert(
      fc.property(whole, torn, whole, (before, half, after) => {
        const mended = mendedLog(before.join('') + half + after.join(''), ALL)
        assert.equal(mended, [...before, ...after].join(''))
        assert.equal(mendedLog(before.join('') + half, ALL), before.join(''))
        assert.equal(mendedLog(mended, ALL), mended)
      }),
    )
  })

  it('forgets the token of a part that is nowhere, merged or not; another partition or block does not stand for it', () => {
    const text = add(1) + add(2) + add(3) + '1\tall_2_2_0\tall_5\n'
    assert.equal(mendedLog(text, ['202611_1_1_0', '202611_3_4_1_7']), add(1) + add(3))
    assert.equal(mendedLog(text, ['202611_1_3_1', 'all_1_9_2']), text)
    assert.equal(mendedLog(add(2) + drop(2), []), add(2) + drop(2))
  })

  it('is mended in the folder of the engine; a part with an empty file is not there', () => {
    const dir = mkdtempSync(join(tmpdir(), 'playloop-tokens-'))
    const table = join(dir, 'store/abc/abcdef')
    const log = join(table, 'deduplication_logs/deduplication_log_1.txt')
    for (const [part, content] of [
      ['202611_1_1_0', 'rows'],
      ['202611_2_2_0', ''],
    ] as const) {
      mkdirSync(join(table, part), { recursive: true })
      writeFileSync(join(table, part, 'data.bin'), content)
    }
    mkdirSync(join(table, 'deduplication_logs'))
    writeFileSync(log, add(1) + add(2) + '1\t2026')
    mendTokenLogs(dir)
    assert.equal(readFileSync(log, 'utf8'), add(1))
    rmSync(dir, { recursive: true })
  })
})
