import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Location of the experiments' reference data, if present; they are not part of the repository. */
const FOLDER = join(process.env['PLAYLOOP_TEST_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), 'ab')

export const reference = (name: string): string => join(FOLDER, name)

/** Reason that node:test prints for a skipped test; false if the data are present. */
export const absent = (name: string): string | false =>
  existsSync(reference(name))
    ? false
    : `SKIPPED: ${name} is not there; set PLAYLOOP_TEST_DATA to the folder that holds ab/${name}`

export const readReference = (name: string): unknown => JSON.parse(readFileSync(reference(name), 'utf8'))
