import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { silentLogger } from '../logger.ts'
import { ensureRegistry, REGISTRY_VERSION } from './fetch.ts'

describe('fetching the registry', () => {
  it('installs nothing when the archive is another one than the pinned', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'playloop-fetch-'))
    const planted = async (folder: string): Promise<void> =>
      writeFileSync(join(folder, `apicurio-registry-app-${REGISTRY_VERSION}-all.tar.gz`), 'something else')
    await assert.rejects(ensureRegistry(silentLogger, cache, planted), { code: 'REGISTRY_ARCHIVE_WRONG' })
    assert.deepEqual(readdirSync(cache), [])
    rmSync(cache, { recursive: true })
  })
})
