import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Reference data of experiments, where somebody has put them; they are no part of the repository. */
const FOLDER = join(process.env['PLAYLOOP_TEST_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), 'ab')

export const reference = (name: string): string => join(FOLDER, name)

/** What node:test prints beside a skipped test; false where the data are there. */
export const absent = (name: string): string | false =>
  existsSync(reference(name))
    ? false
    : `SKIPPED: ${name} is not there; set PLAYLOOP_TEST_DATA to the folder that holds ab/${name}`

export const readReference = (name: string): unknown => JSON.parse(readFileSync(reference(name), 'utf8'))
