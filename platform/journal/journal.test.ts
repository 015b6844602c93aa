import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { systemClock } from '../clock.ts'
import { journalPath, journalTopics, openJournal, readJournal } from './journal.ts'

const ids = (from: number, count: number): Buffer =>
  Buffer.concat(
    Array.from({ length: count }, (_, i) => {
      const id = Buffer.alloc(16)
      id.writeUInt32BE(from + i, 12)
      return id
    }),
  )

async function numbers(path: string, chunkBytes?: number): Promise<number[]> {
  const all: number[] = []
  for await (const chunk of readJournal(path, chunkBytes)) {
    assert.equal(chunk.length % 16, 0)
    for (let at = 12; at < chunk.length; at += 16) all.push(chunk.readUInt32BE(at))
  }
  return all
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe('journal', () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'playloop-journal-'))
  })
  after(() => rm(dir, { recursive: true }))

  it('keeps every id, in order, over several openings', async () => {
    const path = journalPath(join(dir, 'a'), 'viewer.actions')
    for (let run = 0; run < 3; run++) {
      const journal = openJournal(join(dir, 'a'), systemClock, { bufferBytes: 64 })
      for (let n = 0; n < 10; n++) journal.append('viewer.actions', ids(run * 100 + n * 10, 10))
      await journal.close()
    }
    assert.deepEqual(await numbers(path), upTo(300))
    assert.deepEqual(await numbers(path, 40), upTo(300), 'in small chunks too')
    assert.deepEqual(await journalTopics(join(dir, 'a')), new Map([['viewer.actions', 300]]))
    assert.deepEqual(await journalTopics(join(dir, 'none')), new Map())
  })

  it('writes by itself after the delay', async () => {
    const journal = openJournal(join(dir, 'b'), systemClock, { delayMs: 20 })
    journal.append('catalog.titles', ids(0, 3))
    await systemClock.sleep(200)
    assert.deepEqual(await numbers(journalPath(join(dir, 'b'), 'catalog.titles')), [0, 1, 2])
    await journal.close()
  })

  it('cuts off an id that a kill tore, so that later ones are in step', async () => {
    const path = journalPath(join(dir, 'c'), 'viewer.actions')
    const first = openJournal(join(dir, 'c'), systemClock)
    first.append('viewer.actions', ids(0, 2))
    await first.close()
    await appendFile(path, ids(9, 1).subarray(0, 7))
    assert.deepEqual(await numbers(path), [0, 1], 'a reader leaves the torn id out')
    const second = openJournal(join(dir, 'c'), systemClock)
    second.append('viewer.actions', ids(2, 2))
    await second.close()
    assert.deepEqual(await numbers(path), upTo(4))
  })

  it('is a prefix of the truth after kill -9', async () => {
    const program = `
      import { openJournal } from ${JSON.stringify(import.meta.resolve('./journal.ts'))}
      import { systemClock } from ${JSON.stringify(import.meta.resolve('../clock.ts'))}
      const journal = openJournal(process.argv[1], systemClock, { delayMs: 5, bufferBytes: 320 })
      const id = (n) => { const b = Buffer.alloc(16); b.writeUInt32BE(n, 12); return b }
      for (let n = 0; ; n++) {
        journal.append('viewer.actions', id(n))
        if (n === 2500) await journal.flush() // on a busy machine nothing may have been written by itself yet
        if (n === 5000) process.kill(process.pid, 'SIGKILL')
        if (n % 50 === 0) await new Promise((next) => setImmediate(next))
      }`
    const killed = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, join(dir, 'd')])
    await assert.rejects(killed, { signal: 'SIGKILL' })
    const path = journalPath(join(dir, 'd'), 'viewer.actions')
    const kept = await numbers(path)
    assert.ok(kept.length > 2500, `${kept.length} kept`)
    assert.deepEqual(kept, upTo(kept.length))
    assert.ok((await stat(path)).size <= 5001 * 16)
  })

  it('says so when it cannot be written', async () => {
    await writeFile(join(dir, 'file'), '')
    const journal = openJournal(join(dir, 'file'), systemClock)
    journal.append('viewer.actions', ids(0, 1))
    await assert.rejects(journal.flush(), { code: 'CLIENT_JOURNAL_FAILED' })
    await assert.rejects(journal.close(), { code: 'CLIENT_JOURNAL_FAILED' })
  })
})
