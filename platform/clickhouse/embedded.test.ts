import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { storeContract } from './contract.ts'
import { openEmbedded } from './embedded.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'playloop-embedded-'))
after(() => rmSync(dataDir, { recursive: true, force: true }))
const open = () => openEmbedded({ dataDir, database: 'playloop' })

storeContract('embedded', open)

describe('the embedded store', () => {
  it('belongs to one process: another is told so', async () => {
    const store = await open()
    const script = `import { openEmbedded } from ${JSON.stringify(import.meta.resolve('./embedded.ts'))}
      await openEmbedded({ dataDir: ${JSON.stringify(dataDir)}, database: 'playloop' }).catch((error) => console.log(error.code))`
    const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 20_000,
    })
    await store.close()
    assert.equal(other.stdout.trim(), 'STORE_LOCKED', other.stderr)
  })

  it('leaves the event loop free while it works', async () => {
    const store = await open()
    const work = store.rows('SELECT uniqExact(number % 1000003) AS n FROM numbers(30000000)')
    let longest = 0
    for (let last = performance.now(), done = false; !done;) {
      done = await Promise.race([
        work.then(() => true),
        new Promise<boolean>((resolve) => setTimeout(resolve, 5, false)),
      ])
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }
    await store.close()
    assert.ok(longest < 250, `the loop stood still for ${Math.round(longest)} ms`)
  })
})
