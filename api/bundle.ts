import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

const IMPORT = /^import \{[^}]*\} from '\.\/([\w-]+\.ts)';?$/gm

/**
 * The module `entry` of a folder with all it imports, as one script without types and comments: for pages that fetch it
 * from
 * elsewhere, a single request. Only what stands here is understood: named imports of neighbours, and no name twice.
 */
export function bundle(folder: string, entry: string): string {
  const seen = new Set<string>()
  const textOf = (name: string): string => {
    if (seen.has(name)) return ''
    seen.add(name)
    const script = stripTypeScriptTypes(readFileSync(join(folder, name), 'utf8'), { mode: 'transform' })
    const before = [...script.matchAll(IMPORT)].map(([, neighbour = '']) => textOf(neighbour)).join('')
    const own = script.replaceAll(IMPORT, '')
    return before + (name === entry ? own : own.replaceAll(/^export /gm, ''))
  }
  return tightened(textOf(entry))
}

/**
 * Without blanks that say nothing. Lines that hold a string or a pattern keep theirs; no text may go over several
 * lines.
 */
const tightened = (script: string): string =>
  script
    .replaceAll(/^\s*\n/gm, '')
    .replaceAll(/^ +/gm, '')
    .replaceAll(/^[^'"`/\n]*$/gm, (line) =>
      line.replaceAll(/ (=>|===|!==|=|\?\?|\?|:|&&|\|\|) /g, '$1').replaceAll(/([,:]) /g, '$1'),
    )
    .replaceAll(/(?<=[{,[;])\n|\n(?=[}\]])/g, '')
