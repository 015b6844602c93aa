import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { TYPES_FILE, typesText } from './page-types.ts'

it('the types of answers that pages read are those of the API', async () => {
  assert.equal(readFileSync(TYPES_FILE, 'utf8'), await typesText(), 'stale: run `npm run types`')
})
