import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { MovieRow } from './catalogue.ts'

/**
 * The films of npm `vega-datasets` (BSD-3-Clause): 3,201 rows as in the package. The package exports no path to the
 * file.
 */
export function readMovies(): MovieRow[] {
  const path = fileURLToPath(new URL('../data/movies.json', import.meta.resolve('vega-datasets')))
  return JSON.parse(readFileSync(path, 'utf8')) as MovieRow[]
}
