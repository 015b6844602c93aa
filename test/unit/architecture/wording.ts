import path from 'node:path'
import type { Faults } from './rules.ts'
import type { TextFile } from './sources.ts'

/** Places that exist on one machine only. A path that a program makes (`/dev/shm`) is none. */
const PLACES = /(?<![\w.~/-])\/(?:home|Users|root|tmp|work|workspace|mnt|private)\/[\w.-]+/
/** Packages and images come from wherever npm, Maven and Docker are told to look: naming a host breaks the others. */
const HOSTS =
  /\b(?:[\w-]+\.)*(?:npmjs|yarnpkg|maven|sonatype|artifactory|nexus|jfrog)\.(?:org|com|io|net)\b|\b(?:registry|mirror|proxy|artifactory|nexus)\.[\w-]+\.(?:com|org|net|io|dev|internal|local|corp|lan)\b/i
/**
 * Numbers of rules and tickets that stand nowhere in the repository, notes from one writer to another: say the reason
 * instead.
 */
const ELSEWHERE = /\b(?:rule|issue|ticket) #?\d+\b|\bdivision of work\b/i
/** A document, named by its file. */
const DOCUMENT = /(?<![\w@./:-])(?:\.{0,2}\/)?(?:[\w.-]+\/)*[\w-]+\.md\b/g

/** What a reader of the repository could not follow: places, hosts and documents that only the writer had. */
export function wordingFaults(files: readonly TextFile[], exists: (file: string) => boolean): Faults {
  return files.flatMap(({ path: file, text }) => {
    const faults = [...unknownDocuments(file, text, exists)]
    for (const [pattern, what] of [
      [PLACES, 'a place of one machine'],
      [HOSTS, 'a host of packages'],
      [ELSEWHERE, 'something that is not here'],
    ] as const) {
      const found = pattern.exec(text)?.[0]
      if (found !== undefined) faults.push(`${file} names ${what}: ${found}`)
    }
    return faults
  })
}

/** A path of code in backquotes; capitals and stars stand for names. */
const CODE_PATH = /`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|mjs|sql|json|sha256))`/g

/** Code that documents name is there: from the root, or from beside the document. */
export function pathFaults(files: readonly TextFile[], exists: (file: string) => boolean): Faults {
  return files
    .filter(({ path: file }) => file.endsWith('.md'))
    .flatMap(({ path: file, text }) =>
      [...text.matchAll(CODE_PATH)]
        .map(([, name = '']) => name)
        .filter(
          (name) => !/[A-Z]{3}/.test(name) && !exists(name) && !exists(path.posix.join(path.posix.dirname(file), name)),
        )
        .map((name) => `${file} names ${name}, which is not there`),
    )
}

/** Documents are named from the root, from beside the file, or from a folder above it. */
function unknownDocuments(file: string, text: string, exists: (file: string) => boolean): Faults {
  const folders = path.posix
    .dirname(file)
    .split('/')
    .map((_, depth, all) => all.slice(0, all.length - depth).join('/'))
  return [...new Set(text.match(DOCUMENT) ?? [])]
    .filter((name) => !['', ...folders].some((folder) => exists(path.posix.join(folder, name))))
    .map((name) => `${file} names ${name}, which is not there`)
}

const LINK = /\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)/g

/** Links between documents: the file is there, and the heading that an anchor names. */
export function linkFaults(files: readonly TextFile[], exists: (file: string) => boolean): Faults {
  const texts = new Map(files.map(({ path: file, text }) => [file, text]))
  return files
    .filter(({ path: file }) => file.endsWith('.md'))
    .flatMap(({ path: file, text }) =>
      [...text.matchAll(LINK)].flatMap(([link, target = '', anchor]) => {
        const to = target === '' ? file : path.posix.join(path.posix.dirname(file), target)
        if (!exists(to)) return [`${file} links to ${target}, which is not there`]
        return anchor === undefined || anchorsOf(texts.get(to) ?? '').has(anchor)
          ? []
          : [`${file} has ${link}, and ${to} has no such heading`]
      }),
    )
}

/** As GitHub makes them: lower case, punctuation away, blanks to hyphens. */
const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
