import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from './embedded.ts'
import { renderParams } from './params.ts'
import type { Store } from './port.ts'

describe('rendered parameters', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-params-'))
  let store: Store
  before(async () => {
    store = await openEmbedded({ dataDir, database: 'playloop' })
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('become casts of literals', () => {
    assert.equal(
      renderParams({
        sql: 'SELECT {a:String}, { b : Int8 }, {c:Array(String)}',
        params: { a: "o'clock", c: ['\\', 'x'] },
      }),
      "SELECT CAST('o\\'clock', 'String'), { b : Int8 }, CAST(['\\\\', 'x'], 'Array(String)')",
    )
  })

  it('are not looked for within strings, quoted names and comments', () => {
    const sql =
      "SELECT '{a:String} \\' {a:String}', 'it''s {a:String}', `{a:String}`, \"{a:String}\" /* {a:String} */ -- {a:String}"
    assert.equal(renderParams({ sql, params: { a: 'never' } }), sql)
  })

  it('must all have a value that a column can hold', () => {
    assert.throws(() => renderParams({ sql: 'SELECT {a:String}' }), { code: 'STORE_PARAM' })
    assert.throws(() => renderParams({ sql: 'SELECT {toString:String}', params: {} }), { code: 'STORE_PARAM' })
    assert.throws(() => renderParams({ sql: 'SELECT {a:Float64}', params: { a: Number.NaN } }), { code: 'STORE_PARAM' })
    assert.throws(() => renderParams({ sql: 'SELECT * FROM {a:Identifier}', params: { a: '' } }), {
      code: 'STORE_PARAM',
    })
  })

  it('come back from the engine as they went, whatever they hold', async () => {
    const text = fc.string({
      unit: fc.constantFrom("'", '"', '\\', '`', '{', '}', ':', '-', '/', '*', '\0', '\n', 'a', 'é', '😀'),
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(text, { maxLength: 4 }),
        fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
        async (a, list, big) => {
          const [row] = await store.rows({
            sql: 'SELECT {a:String} AS a, {list:Array(String)} AS list, {big:Int128} AS big',
            params: { a, list, big },
          })
          assert.deepEqual(row, { a, list, big: String(big) })
        },
      ),
      { numRuns: 60 },
    )
  })
})
