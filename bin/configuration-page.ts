/**
 * `node bin/configuration-page.ts`: rewrites the tables of docs/configuration.md between its two markers from the
 * settings that platform and modules declare.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { variablesOf, type Settings } from '../platform/settings.ts'
import { MODULES, settingsOf } from './composition.ts'

export const PAGE = path.join(import.meta.dirname, '../docs/configuration.md')
const [BEGIN, END] = ['<!-- variables: written by bin/configuration-page.ts -->', '<!-- end of variables -->']

const tableOf = (group: Settings): string =>
  [
    `## ${group.title}`,
    '',
    '| variable | default | meaning |',
    '| --- | --- | --- |',
    ...variablesOf(group).map(
      ({ name, fallback, doc }) => `| \`${name}\` | ${fallback === '' ? 'unset' : `\`${fallback}\``} | ${doc} |`,
    ),
  ].join('\n')

/** The page with the tables replaced by those of `groups`. */
export function pageWith(page: string, groups: readonly Settings[]): string {
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (before < 0 || after < before) throw new Error(`the page lacks its markers: ${BEGIN} and ${END}`)
  return [page.slice(0, before) + BEGIN, ...groups.map(tableOf), page.slice(after)].join('\n\n')
}

if (import.meta.main) writeFileSync(PAGE, pageWith(readFileSync(PAGE, 'utf8'), settingsOf(MODULES)))
