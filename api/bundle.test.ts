import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bundle } from './bundle.ts'

const WEB = join(import.meta.dirname, '..', 'web')
const load = (script: string): Promise<Record<string, unknown>> =>
  import(`data:text/javascript,${encodeURIComponent(script)}`) as Promise<Record<string, unknown>>

describe('a bundle', () => {
  it('holds each neighbour once, before what needs it, and exports what the entry does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'playloop-bundle-'))
    try {
      writeFileSync(
        join(folder, 'one.ts'),
        '/** One. */\nexport const one: number = 1\nexport interface Kind { readonly a: number }\n',
      )
      writeFileSync(join(folder, 'two.ts'), "import { one } from './one.ts'\nexport const two = one + one // twice\n")
      writeFileSync(
        join(folder, 'sum.ts'),
        "import { one, type Kind } from './one.ts'\nimport { two } from './two.ts'\nexport const sum = ({ a }: Kind): number => a + one + two\n",
      )
      const script = bundle(folder, 'sum.ts')
      assert.doesNotMatch(script, /import|Kind|twice|One\./)
      const { sum, ...others } = await load(script)
      assert.deepEqual([(sum as (kind: object) => number)({ a: 4 }), others], [7, {}])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('of the instrument is one function, in at most 6 kB', async () => {
    const script = bundle(join(WEB, 'instrument'), 'instrument.ts')
    assert.deepEqual(Object.keys(await load(script)), ['instrument'])
    assert.ok(gzipSync(script, { level: 9 }).length <= 6_000, `${gzipSync(script, { level: 9 }).length} bytes`)
  })
})
