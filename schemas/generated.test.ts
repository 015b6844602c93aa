import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { derivedFiles, drafts, landingText, publishedVersions, unpublished } from './generate.ts'
import { FIRST_CATALOGUE_ID } from './ids.ts'
import { TOPICS } from './topics.ts'

const committed = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

describe('what is generated is current (npm run schemas)', () => {
  for (const [path, text] of derivedFiles()) {
    it(path, () => assert.equal(committed(path), text, `${path} is stale: run \`npm run schemas\``))
  }

  it('schemas/generated/landing.sql', async () => {
    assert.equal(committed('schemas/generated/landing.sql'), await landingText(), 'stale: run `npm run schemas`')
  })

  it('every draft is published (npm run schemas -- --publish)', () => {
    assert.deepEqual(unpublished(), [])
  })
})

describe('the catalogue', () => {
  it('counts ids without a gap, so that none was taken away or given twice', () => {
    const ids = publishedVersions().map(({ catalogueId }) => catalogueId)
    assert.deepEqual(
      ids,
      ids.map((_, index) => FIRST_CATALOGUE_ID + 1 + index),
    )
  })

  it('counts the versions of a topic from 1', () => {
    const versions = Map.groupBy(publishedVersions(), ({ topic }) => topic)
    for (const [topic, files] of versions)
      assert.deepEqual(
        files.map(({ version }) => version),
        files.map((_, index) => index + 1),
        topic,
      )
  })
})

describe('every topic', () => {
  for (const { topic, schema } of drafts()) {
    const fields = new Map(schema.fields.map((field) => [field.name, field]))

    it(`${topic} begins with its identity and times`, () => {
      assert.deepEqual(
        schema.fields.slice(0, 5).map(({ name }) => name),
        ['event_id', 'clock', 'event_time', 'received_time', 'skew_ms'],
      )
    })

    it(`${topic} is keyed and ordered by fields that every record has`, () => {
      for (const name of [TOPICS[topic].key, ...TOPICS[topic].orderBy]) {
        assert.ok(fields.has(name), name)
        assert.notEqual(fields.get(name)?.type.kind, 'union', `${name} may be null`)
      }
    })

    it(`${topic} says what each field means`, () => {
      assert.deepEqual(
        schema.fields.filter(({ doc }) => doc.length < 3).map(({ name }) => name),
        [],
      )
    })

    it(`${topic} stays in its table at least twice as long as in the log`, () => {
      const { keepDays = Infinity, retentionMs } = TOPICS[topic]
      assert.ok(keepDays * 86_400_000 >= 2 * retentionMs)
    })
  }
})
