import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { silentLogger } from '../logger.ts'
import { example, rowInsert, storeContract, TABLES } from './contract.ts'
import { openEmbedded } from './embedded.ts'
import type { Store } from './port.ts'
import { openServer } from './server.ts'
import { noFaults, startShim, type Shim } from './shim.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'playloop-server-'))
const account = { database: 'playloop', user: 'default', password: '' }
const fate = { pollMs: 20, logDelayMs: 300, patienceMs: 500 }
let engine: Store
let shim: Shim

before(async () => {
  engine = await openEmbedded({ dataDir, database: 'playloop' })
  shim = await startShim(engine)
})
after(async () => {
  await shim.close()
  await engine.close()
  rmSync(dataDir, { recursive: true, force: true })
})

storeContract('server', () => openServer({ url: shim.url, ...account, fate }, silentLogger))

describe('a server whose answers get lost', () => {
  let store: Store
  before(async () => {
    store = await openServer({ url: shim.url, ...account, requestTimeoutMs: 400, fate }, silentLogger)
    for (const statement of TABLES) await store.exec(statement)
  })
  beforeEach(() => void Object.assign(shim.faults, noFaults()))
  after(() => store.close())
  const landed = async (tag: string): Promise<number> => {
    const [row] = await store.rows<{ n: string }>({
      sql: 'SELECT count() AS n FROM plain WHERE tag = {tag:String}',
      params: { tag },
    })
    return Number(row?.n)
  }

  it('finds out that a statement finished whose answer was dropped after the commit', async () => {
    shim.faults.dropReplies = 1
    await store.insertAvro(rowInsert([example('dropped', 1)], 'dropped'))
    assert.equal(await landed('dropped'), 1)
  })

  it('waits for a statement that runs on after the connection is gone', async () => {
    Object.assign(shim.faults, { disconnects: 1, delayMs: 700 })
    await store.insertAvro(rowInsert([example('ran on', 1)], 'ran on'))
    assert.equal(await landed('ran on'), 1)
  })

  it('waits for a statement that takes longer than the request may', async () => {
    shim.faults.delayMs = 1_000
    await store.insertAvro(rowInsert([example('slow', 1)], 'slow'))
    assert.equal(await landed('slow'), 1)
  })

  it("gives the engine's own error of a statement whose answer was lost", async () => {
    Object.assign(shim.faults, { disconnects: 1, delayMs: 100 })
    await assert.rejects(store.insertAvro({ ...rowInsert([]), body: [Buffer.from('no Avro')] }), { engineCode: 748 })
    Object.assign(shim.faults, { on: 'nowhere', disconnects: 1 })
    await assert.rejects(store.exec('INSERT INTO nowhere SELECT 1'), { engineCode: 60 })
  })

  it('carries no decisive setting beside the statement: the shim would refuse it', async () => {
    const answer = await fetch(`${shim.url}/?insert_deduplication_token=a`, { method: 'POST', body: 'SELECT 1' })
    assert.equal(answer.status, 500)
    assert.equal(answer.headers.get('x-clickhouse-exception-code'), '115')
  })

  it('says where it could not connect', async () => {
    await assert.rejects(openServer({ url: 'http://127.0.0.1:1', ...account }, silentLogger), {
      code: 'STORE_OPEN_FAILED',
    })
  })
})

describe('a server that dies', () => {
  const ownDir = mkdtempSync(join(tmpdir(), 'playloop-shim-'))
  let server: ChildProcess
  let url = ''
  const start = async (port = '0'): Promise<void> => {
    server = spawn(process.execPath, [join(import.meta.dirname, 'shim-main.ts'), ownDir, port], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(server.stdout!, 'data')) as [Buffer]
    url = (JSON.parse(String(line)) as { url: string }).url
  }
  const plant = (faults: object): Promise<Response> =>
    fetch(`${url}/shim/faults`, { method: 'POST', body: JSON.stringify(faults) })
  before(() => start())
  after(async () => {
    server.kill()
    await once(server, 'exit')
    rmSync(ownDir, { recursive: true, force: true })
  })

  it('before or after the commit, mid-insert: the fate is unknown, and the identical statement heals it', async () => {
    const store = await openServer({ url, ...account, fate }, silentLogger)
    for (const statement of TABLES) await store.exec(statement)
    for (const die of ['before', 'after'] as const) {
      await plant({ die })
      const insert = rowInsert([example(die, 1)], die)
      const exited = once(server, 'exit')
      await assert.rejects(store.insertAvro(insert), { engineCode: 0 })
      await exited
      await start(new URL(url).port)
      await store.insertAvro(insert)
      assert.deepEqual(
        await store.rows({
          sql: 'SELECT toInt32(count()) AS n, (SELECT toInt32(sum(n)) FROM per_tag_v1 WHERE tag = {die:String}) AS view FROM plain WHERE tag = {die:String}',
          params: { die },
        }),
        [{ n: 1, view: 1 }],
      )
    }
    await store.close()
  })
})
