import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { CONCURRENCY, DEFINITIONS, METRICS, type Concurrency, type Metric } from '../../streams/qoe/index.ts'
import { ROOT } from './architecture/sources.ts'

const document = readFileSync(path.join(ROOT, 'docs/metrics.md'), 'utf8')

const ALL = [...METRICS, ...CONCURRENCY]

/** How the document says a metric. */
export const lineOf = ({ id, definition, unit, better, time, loss, cmcd, source }: Metric | Concurrency): string =>
  `| \`${id}\` | ${definition} | ${unit} | ${better} | ${time} | ${loss}${cmcd ? ', CMCD' : ''} | ${source} |`

describe('docs/metrics.md', () => {
  it('has every metric of sessions and of moments, word for word as it is computed, and no other', () => {
    assert.ok(METRICS.length > 40)
    for (const metric of ALL)
      assert.ok(document.includes(`${lineOf(metric)}\n`), `missing or different: ${lineOf(metric)}`)
    const said = [...document.matchAll(/^\| `([\w]+:[\w]+)` \|/gm)].map(([, id]) => id)
    assert.deepEqual(
      said.filter((id) => !ALL.some((metric) => metric.id === id) && !Object.hasOwn(DEFINITIONS, id!)),
      [],
    )
  })

  it('has every figure of minutes', () => {
    for (const [name, definition] of Object.entries(DEFINITIONS))
      assert.ok(document.includes(`| \`${name}\` | ${definition} |`), `${name}: ${definition}`)
  })

  it('describes ids that are unique and carry their definition', () => {
    assert.equal(new Set(ALL.map(({ id }) => id)).size, ALL.length)
    for (const { id } of ALL) assert.match(id, /^[a-z][a-z_]+:[a-z0-9_]+$/)
  })
})
