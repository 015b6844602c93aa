import path from 'node:path'
import type { Source, TextFile } from './sources.ts'
import {
  ADAPTERS,
  HOUSES,
  IMPORTS,
  IMPURE_FOLDERS,
  isCode,
  isGenerated,
  isTest,
  MAX_LINES,
  PURE_FOLDERS,
  type ImportTable,
} from './table.ts'

/** Each rule returns what breaks it, a line a fault; none = it holds. */
export type Faults = string[]

const topOf = (file: string): string => file.split('/')[0] ?? ''

/** A module of a house (`streams/sink`), else the top folder. Files at the root are nobody's. */
export function moduleOf(file: string): string {
  const [top = '', module = '', inner] = file.split('/')
  if (module === '') return ''
  return HOUSES.has(top) && inner !== undefined ? `${top}/${module}` : top
}

const matches = (pattern: string, file: string): boolean =>
  pattern === '*' ||
  file.startsWith(`${pattern}/`) ||
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`).test(file)

/** The most specific row that a file falls under. */
const rowOf = (file: string, table: ImportTable): string | undefined =>
  Object.keys(table)
    .filter((pattern) => matches(pattern, file))
    .sort((a, b) => b.length - a.length)[0]

/** The import table. */
export function importFaults(sources: readonly Source[], table: ImportTable = IMPORTS): Faults {
  return sources.flatMap(({ path: from, files }) => {
    const row = rowOf(from, table)
    if (row === undefined)
      return moduleOf(from) === '' ? [] : [`${from}: the folder ${topOf(from)} has no row in the import table`]
    const allowed = table[row]!
    return files.flatMap((to) => {
      if (isTest(to) && !isTest(from) && !['bench', 'test'].includes(topOf(from)))
        return [`${from} imports ${to}, which is for tests`]
      if (isTest(from) || moduleOf(from) === moduleOf(to) || allowed.some((pattern) => matches(pattern, to))) return []
      return [`${from} imports ${to}: ${row} may import ${allowed.length === 0 ? 'nothing' : allowed.join(', ')}`]
    })
  })
}

/** Each client library is known by one folder. */
export function adapterFaults(sources: readonly Source[]): Faults {
  return sources
    .filter(({ path: file }) => !isTest(file) && !['bench', 'test'].includes(topOf(file)))
    .flatMap(({ path: file, modules }) =>
      modules
        .filter((name) => ADAPTERS[name] !== undefined && !file.startsWith(ADAPTERS[name]))
        .map((name) => `${file} imports ${name}, which is ${ADAPTERS[name]}'s alone`),
    )
}

/** What ships imports only what is installed with it. */
export function dependencyFaults(sources: readonly Source[], dependencies: ReadonlySet<string>): Faults {
  return sources
    .filter(({ path: file }) => !isTest(file) && !['bench', 'test'].includes(topOf(file)))
    .flatMap(({ path: file, modules }) =>
      modules
        .filter((name) => !name.startsWith('node:') && !dependencies.has(packageOf(name)))
        .map((name) => `${file} imports ${name}, which is not among package.json's dependencies`),
    )
}

const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')

/** Time, chance and settings are passed in. */
export function impurityFaults(sources: readonly Source[]): Faults {
  const outside = sources.filter(({ path: file }) => !IMPURE_FOLDERS.includes(topOf(file)) && !isTest(file))
  const pure = sources.filter(
    ({ path: file }) => PURE_FOLDERS.some((folder) => file.startsWith(`${folder}/`)) && !isTest(file),
  )
  return [
    ...outside.flatMap(({ path: file, impure }) => impure.map((use) => `${file} uses ${use}`)),
    ...pure.flatMap(({ path: file, modules }) => modules.map((name) => `${file} imports ${name}: this folder is pure`)),
  ]
}

/** Rings of files that import one another, each once, from its least name. */
export function cycleFaults(sources: readonly Source[]): Faults {
  const edges = new Map(sources.map(({ path: file, files }) => [file, files]))
  const state = new Map<string, 'open' | 'done'>()
  const rings = new Set<string>()
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      rings.add(ringOf(trail.slice(trail.indexOf(file))))
      return
    }
    state.set(file, 'open')
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file])
    state.set(file, 'done')
  }
  for (const { path: file } of sources) visit(file, [])
  return [...rings]
}

function ringOf(files: readonly string[]): string {
  const first = files.indexOf(files.toSorted()[0]!)
  const ring = [...files.slice(first), ...files.slice(0, first)]
  return `${[...ring, ring[0]].join(' → ')} is a ring`
}

export function lengthFaults(files: readonly TextFile[]): Faults {
  return files
    .filter(({ path: file }) => isCode(file) && !isGenerated(file))
    .flatMap(({ path: file, text }) => {
      const lines = text.split('\n').length - 1
      return lines > MAX_LINES ? [`${file} has ${lines} lines: split it`] : []
    })
}

/** A folder with code says in a few lines what comes in, what goes out and which file to open first. */
export function readmeFaults(files: readonly TextFile[]): Faults {
  const folders = new Set(
    files
      .filter(({ path: file }) => isCode(file) && !isGenerated(file))
      .map(({ path: file }) => path.posix.dirname(file)),
  )
  const readmes = new Map(
    files
      .filter(({ path: file }) => path.posix.basename(file) === 'README.md')
      .map(({ path: file, text }) => [path.posix.dirname(file), text]),
  )
  return [...folders].flatMap((folder) => {
    const text = readmes.get(folder)
    if (text === undefined) return [`${folder} has no README.md`]
    return text.trim().split('\n').length < 2 ? [`${folder}/README.md says too little`] : []
  })
}
