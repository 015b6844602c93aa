import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import avsc from 'avsc'
import { ocf } from './contract-ocf.ts'
import { StoreError, type AvroInsert, type Store } from './port.ts'

/**
 * Contract suite for every store: what the modules rely on. `open` may be called again after a close, on the same data.
 */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`${name}: the store's contract`, () => {
    let store: Store
    before(async () => {
      store = await open()
      for (const statement of TABLES) await store.exec(statement)
    })
    after(() => store.close())
    const insert = (rows: readonly Row[], more: Partial<AvroInsert> & { token?: string } = {}): Promise<void> =>
      store.insertAvro({ ...rowInsert(rows, more.token), ...more })
    const count = async (table: string, tag: string): Promise<number> => {
      const [row] = await store.rows<{ n: string }>({
        sql: 'SELECT sum(n) AS n FROM {table:Identifier} WHERE tag = {tag:String}',
        params: { table, tag },
      })
      return Number(row?.n)
    }
    const landed = async (tag: string): Promise<[number, number]> => [
      await count('plain', tag),
      await count('per_tag_v1', tag),
    ]

    it('answers rows, with 64-bit integers as strings', async () => {
      assert.deepEqual(await store.rows('SELECT toUInt64(18446744073709551615) AS big, 1 AS small, [1.5, 2] AS list'), [
        { big: '18446744073709551615', small: 1, list: [1.5, 2] },
      ])
      assert.deepEqual(await store.rows('SELECT 1 WHERE 0'), [])
    })

    it('tells time in UTC', async () => {
      assert.deepEqual(
        await store.rows(
          "SELECT toString(fromUnixTimestamp64Milli(1700000000123)) AS at, toDateTime64('2023-11-14 22:13:20.123', 3) = fromUnixTimestamp64Milli(1700000000123) AS same",
        ),
        [{ at: '2023-11-14 22:13:20.123', same: 1 }],
      )
    })

    it('binds parameters as values: nothing in them is read as SQL', async () => {
      const nasty = [
        "it's",
        "\\' OR 1 --",
        '{b:String}',
        "'); DROP TABLE plain; --",
        'line\nend\ttab\r',
        '日本 😀',
        '',
        '/* */ ` "',
        '\0end',
      ]
      for (const text of nasty) {
        const sql =
          "SELECT {a:String} AS a, {list:Array(String)} AS list, hex({a:String}) AS hex, '{a:String}' AS quoted -- {a:String}"
        assert.deepEqual(await store.rows({ sql, params: { a: text, list: [text, 'b'] } }), [
          { a: text, list: [text, 'b'], hex: Buffer.from(text).toString('hex').toUpperCase(), quoted: '{a:String}' },
        ])
      }
      assert.deepEqual(
        await store.rows({
          sql: 'SELECT {i:Int64} AS i, {u:UInt64} AS u, {f:Float64} AS f, {t:Bool} AS t, {n:Nullable(String)} AS n, {l:Array(Int64)} AS l LIMIT {limit:UInt32}',
          params: { i: -9007199254740991, u: 2n ** 64n - 1n, f: 0.1, t: true, n: null, l: [1, 2n ** 60n], limit: 1 },
        }),
        [
          {
            i: '-9007199254740991',
            u: '18446744073709551615',
            f: 0.1,
            t: true,
            n: null,
            l: ['1', '1152921504606846976'],
          },
        ],
      )
      assert.equal(await count('plain', ''), 0)
    })

    it('passes bytes through as they are', async () => {
      const bytes = await store.bytes("SELECT arrayJoin([unhex('00FF0A0D80'), '']) AS b", 'RowBinary')
      assert.equal(Buffer.from(bytes).toString('hex'), '0500ff0a0d8000')
      assert.equal(Buffer.from(await store.bytes('SELECT 1 AS a, 2 AS b', 'CSVWithNames')).toString(), '"a","b"\n1,2\n')
    })

    it('lands Avro exactly', async () => {
      const row = {
        ...example('exact', 7),
        id: Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
        note: 'a\0b\n日本',
        labels: { x: 'y' },
        list: ['', "'"],
        n: 9007199254740990,
      }
      await insert([row, { ...row, note: null, n: 1 }])
      const found = await store.rows(
        "SELECT tag, n, hex(id) AS id, note, labels, list, ratio FROM plain WHERE tag = 'exact' ORDER BY n",
      )
      const common = {
        tag: 'exact',
        id: '00112233445566778899AABBCCDDEEFF',
        labels: { x: 'y' },
        list: ['', "'"],
        ratio: 0.1,
      }
      assert.deepEqual(found, [
        { ...common, n: '1', note: null },
        { ...common, n: '9007199254740990', note: 'a\0b\n日本' },
      ])
    })

    it('drops a repeated token in the table and in the target of its view, and only that', async () => {
      for (let i = 0; i < 3; i++) await insert([example('token', 1)], { token: 'a' })
      assert.deepEqual(await landed('token'), [1, 1])
      // The token must not persist on the connection: the next insert without a token is a separate insert.
      await insert([example('token', 1)])
      await insert([example('token', 1)], { token: 'b' })
      assert.deepEqual(await landed('token'), [3, 3])
    })

    it("tells an engine's errors by its own codes, and nothing of the insert lands", async () => {
      const good = rowInsert([example('poison', 1)])
      const cut = Buffer.concat(good.body).subarray(0, -30)
      await rejectsWith([748, 1001], insert([], { body: [cut] }), /avro::Exception/)
      await rejectsWith([748, 1001], insert([], { body: [Buffer.from('no Avro at all')] }), /avro::Exception/)
      await rejectsWith([60], store.exec('INSERT INTO nowhere SELECT 1'))
      await rejectsWith([60], store.rows('SELECT * FROM nowhere'))
      await rejectsWith([62], store.exec('SELEC 1'))
      await rejectsWith(
        [395],
        insert([example('poison', 1)], {
          sql: good.sql.replace('WHERE 1', "WHERE NOT ignore(throwIf(n = 1, 'frame'))"),
        }),
        /^Code: 395\. DB::Exception: frame: /,
      )
      assert.deepEqual(await landed('poison'), [0, 0])
    })

    it('writes nothing once the lease of a statement has run out', async () => {
      const leased = (end: number): string =>
        rowInsert([]).sql.replace(
          'WHERE 1',
          `WHERE NOT ignore(throwIf(now64(3) > fromUnixTimestamp64Milli(${end}), 'lease'))`,
        )
      await rejectsWith([395], insert([example('lease', 1)], { sql: leased(1_000) }))
      await insert([example('lease', 1)], { sql: leased(4_000_000_000_000) })
      assert.deepEqual(await landed('lease'), [1, 1])
    })

    it('lands 65,536 rows as one block', async () => {
      await insert(
        Array.from({ length: 65_536 }, () => example('block', 1)),
        { token: 'block' },
      )
      assert.deepEqual(
        await store.rows(
          "SELECT count() AS rows, uniqExact(blockNumber()) AS blocks FROM per_block WHERE tag = 'block'",
        ),
        [{ rows: '1', blocks: '1' }],
      )
      assert.deepEqual(await landed('block'), [65_536, 65_536])
    })

    it('refuses what needs too much memory and lives on', async () => {
      await rejectsWith(
        [241],
        store.rows('SELECT groupArray(number) AS all FROM numbers(10000000) SETTINGS max_memory_usage = 20000000'),
      )
      assert.deepEqual(await store.rows('SELECT 1 AS one'), [{ one: 1 }])
    })

    it('takes inserts and queries side by side', async () => {
      const inserts = Array.from({ length: 24 }, (_, i) =>
        insert([example('beside', i), example('beside', 1)], { token: `beside-${i}` }),
      )
      const queries = Array.from({ length: 24 }, () =>
        store.rows<{ n: string }>({
          sql: "SELECT {a:UInt8} + count() AS n FROM plain WHERE tag = 'beside'",
          params: { a: 1 },
        }),
      )
      const counts = (await Promise.all(queries)).map(([row]) => Number(row?.n))
      await Promise.all(inserts)
      assert.ok(
        counts.every((n) => n % 2 === 1),
        'a query sees whole inserts only',
      )
      assert.deepEqual(await landed('beside'), [276 + 24, 276 + 24])
    })

    it('ends what is under way before it closes, refuses what comes after, and opens again on the same data', async () => {
      const busy = Array.from({ length: 6 }, (_, i) => insert([example('busy', 1)], { token: `busy-${i}` }))
      const closed = store.close()
      await assert.rejects(store.rows('SELECT 1'), { code: 'STORE_CLOSED' })
      await assert.rejects(insert([example('busy', 1)]), { code: 'STORE_CLOSED' })
      await Promise.all([...busy, closed])
      store = await open()
      await insert([example('busy', 1)], { token: 'busy-0' })
      assert.deepEqual(await landed('busy'), [6, 6])
    })
  })
}

async function rejectsWith(codes: readonly number[], promise: Promise<unknown>, text = /Code: \d+/): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof StoreError, String(error))
    assert.ok(codes.includes(error.engineCode), `${error.engineCode}: ${error.message}`)
    assert.match(error.message, text)
    return true
  })
}

export interface Row {
  readonly tag: string
  readonly n: number
  readonly id: Buffer
  readonly note: string | null
  readonly labels: Readonly<Record<string, string>>
  readonly list: readonly string[]
  readonly ratio: number
}

export const example = (tag: string, n: number): Row => ({
  tag,
  n,
  id: Buffer.alloc(16),
  note: null,
  labels: {},
  list: [],
  ratio: 0.1,
})

const WINDOW = 'SETTINGS non_replicated_deduplication_window = 1000'

export const TABLES = [
  `CREATE TABLE IF NOT EXISTS plain (tag String, n Int64, id FixedString(16), note Nullable(String), labels Map(String, String), list Array(String), ratio Float64)
    ENGINE = MergeTree ORDER BY tag ${WINDOW}`,
  `CREATE TABLE IF NOT EXISTS per_tag_v1 (tag String, n Int64) ENGINE = SummingMergeTree ORDER BY tag ${WINDOW}`,
  'CREATE MATERIALIZED VIEW IF NOT EXISTS per_tag_view_v1 TO per_tag_v1 AS SELECT tag, sum(n) AS n FROM plain GROUP BY tag',
  `CREATE TABLE IF NOT EXISTS per_block (tag String, rows UInt64) ENGINE = MergeTree ORDER BY tag ${WINDOW}`,
  'CREATE MATERIALIZED VIEW IF NOT EXISTS per_block_view_v1 TO per_block AS SELECT tag, count() AS rows FROM plain GROUP BY tag',
]

const TYPE = avsc.Type.forSchema({
  type: 'record',
  name: 'Row',
  fields: [
    { name: 'tag', type: 'string' },
    { name: 'n', type: 'long' },
    { name: 'id', type: { type: 'fixed', name: 'Id', size: 16 } },
    { name: 'note', type: ['null', 'string'] },
    { name: 'labels', type: { type: 'map', values: 'string' } },
    { name: 'list', type: { type: 'array', items: 'string' } },
    { name: 'ratio', type: 'double' },
  ],
})

/** Inserts the rows, with or without a token; a test replaces WHERE 1 by its guard. */
export function rowInsert(rows: readonly Row[], token?: string): AvroInsert {
  const settings = [
    'max_insert_block_size = 1000000',
    'max_block_size = 1000000',
    'max_threads = 1',
    'max_insert_threads = 1',
    'use_structure_from_insertion_table_in_table_functions = 0',
    ...(token === undefined ? ['insert_deduplicate = 0'] : [`insert_deduplication_token = '${token}'`]),
  ]
  return {
    sql: `INSERT INTO plain (tag, n, id, note, labels, list, ratio) SETTINGS ${settings.join(', ')} SELECT tag, n, id, note, labels, list, ratio FROM {source} WHERE 1`,
    structure:
      'tag String, n Int64, id FixedString(16), note Nullable(String), labels Map(String, String), list Array(String), ratio Float64',
    body: ocf(TYPE, rows),
    queryId: 'contract',
  }
}
