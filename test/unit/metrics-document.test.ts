import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { BUILT_IN } from '../../models/experiments/index.ts'
import { THRESHOLD_METRICS } from '../../models/detect/metrics.ts'
import { missingTables } from '../../schemas/metrics/emit-docs.ts'
import { ALL_METRICS, LIVE_FIELDS, OLD_IDS, parseId } from '../../schemas/metrics/index.ts'
import { CONCURRENCY, DEFINITIONS, METRICS } from '../../streams/qoe/index.ts'
import { ROOT } from './architecture/sources.ts'

const document = readFileSync(path.join(ROOT, 'docs/metrics.md'), 'utf8')

/** Rows of tables that begin with `id` and `definition`: id to cells by their headings. */
const ROWS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(
  document.split(/^\| id \| definition \| /m).flatMap((part, at) => {
    if (at === 0) return []
    const [heading, , ...lines] = part.split('\n')
    const headings = ['id', 'definition', ...cellsOf(`| ${heading!}`)]
    return lines
      .slice(0, lines.indexOf(''))
      .map((line) => cellsOf(line))
      .map((cells) => [cells[0]!.replaceAll('`', ''), Object.fromEntries(headings.map((name, i) => [name, cells[i]!]))])
  }),
)
function cellsOf(line: string): string[] {
  return line
    .slice(2, -2)
    .split(/ (?<!\\)\| /)
    .map((cell) => cell.replaceAll('\\|', '|'))
}
const row = (id: string): Readonly<Record<string, string>> => ROWS.get(id) ?? assert.fail(`${id} is not described`)

describe('docs/metrics.md', () => {
  it('has every metric of the registry once, and no other', () => {
    assert.deepEqual(missingTables(document), [])
    assert.deepEqual([...ROWS.keys()].sort(), ALL_METRICS.map(({ id }) => id).sort())
  })

  it('has every metric of sessions and of moments, word for word as it is answered', () => {
    assert.ok(METRICS.length > 40)
    for (const { id, definition, unit, better, time, loss, cmcd, source } of [...METRICS, ...CONCURRENCY]) {
      const said = row(id)
      assert.deepEqual(
        [said['definition'], said['unit'], said['loss'], said['source']],
        [definition, unit, `${loss}${cmcd ? ', CMCD' : ''}`, source],
      )
      assert.equal(said['better'], better === 'unknown' ? 'neither' : better, id)
      assert.equal(said['booked to'], time === 'moment' ? time : `session ${time}`, id)
    }
  })

  it('has every figure of minutes, by field and by id', () => {
    for (const [field, ids] of Object.entries(LIVE_FIELDS)) {
      assert.ok(document.includes(`| \`${field}\` | ${ids.map((id) => `\`${id}\``).join(', ')} |`), field)
      for (const id of ids) assert.ok(DEFINITIONS[field]!.includes(row(id)['definition']!), `${field}: ${id}`)
      for (const id of ids) assert.ok(DEFINITIONS[id]!.startsWith(row(id)['definition']!), id)
    }
  })

  it('has every metric of experiments and of detection', () => {
    for (const { id, name, description } of BUILT_IN) assert.equal(row(id)['definition'], description, name)
    for (const { name, unit } of THRESHOLD_METRICS) assert.equal(row(name)['unit'], unit, name)
  })

  it('has every old id, with the one that took its place', () => {
    for (const [service, ids] of Object.entries(OLD_IDS))
      for (const [old, id] of Object.entries(ids))
        assert.ok(document.includes(`| ${service} | \`${old}\` | \`${id}\` |`), `${service}: ${old}`)
  })

  it('describes ids that follow the grammar it shows', () => {
    for (const id of ROWS.keys()) assert.ok(parseId(id) !== undefined, id)
    assert.ok(document.includes('`NAME[.POPULATION][.ESTIMATOR][.capP]:DEFINITION`'))
  })
})
