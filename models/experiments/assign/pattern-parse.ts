/** Reads the structure of a JavaScript pattern; what a single character matches is asked of JavaScript. */

export type PatternNode =
  | { readonly kind: 'char'; readonly matches: (code: number) => boolean }
  | { readonly kind: 'assert'; readonly holds: (text: string, at: number) => boolean }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number }

export type Parsed =
  { readonly node: PatternNode; readonly fault?: undefined } | { readonly node?: undefined; readonly fault: string }

/** Thrown within this file only. */
class Refusal extends Error {}

export function parsePattern(source: string, flags: '' | 'i'): Parsed {
  try {
    // JavaScript knows best what is no pattern; from here on only what cannot be done is refused.
    new RegExp(source, flags)
    return { node: parseChoice({ source, flags, at: 0, characters: new Map() }) }
  } catch (error) {
    return { fault: error instanceof Refusal ? error.message : 'is no regular expression' }
  }
}

interface Reader {
  readonly source: string
  readonly flags: '' | 'i'
  at: number
  /** Characters read so far, by their text in the pattern. */
  readonly characters: Map<string, PatternNode>
}

/** Takes what the sticky expression matches at the reader's place. */
function take(reader: Reader, sticky: RegExp): RegExpExecArray | undefined {
  sticky.lastIndex = reader.at
  const found = sticky.exec(reader.source) ?? undefined
  if (found !== undefined) reader.at = sticky.lastIndex
  return found
}

function parseChoice(reader: Reader): PatternNode {
  const parts = [parseSequence(reader)]
  while (take(reader, /\|/y) !== undefined) parts.push(parseSequence(reader))
  return parts.length === 1 ? parts[0]! : { kind: 'choice', parts }
}

function parseSequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = []
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at]!))
    parts.push(repeated(reader, parseAtom(reader)))
  return { kind: 'sequence', parts }
}

/** A lazy quantifier matches the same texts as a greedy one. */
function repeated(reader: Reader, part: PatternNode): PatternNode {
  const found = take(reader, /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y)
  if (found === undefined) return part
  const [, sign, least = '', comma, most = ''] = found
  if (sign !== undefined) return { kind: 'repeat', part, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity }
  const min = Number(least)
  return { kind: 'repeat', part, min, max: comma === undefined ? min : most === '' ? Infinity : Number(most) }
}

function parseAtom(reader: Reader): PatternNode {
  if (take(reader, /\^/y)) return { kind: 'assert', holds: (_, at) => at === 0 }
  if (take(reader, /\$/y)) return { kind: 'assert', holds: (text, at) => at === text.length }
  if (take(reader, /\\b/y)) return { kind: 'assert', holds: atWordEdge }
  if (take(reader, /\\B/y)) return { kind: 'assert', holds: (text, at) => !atWordEdge(text, at) }
  if (take(reader, /\(/y)) return parseGroup(reader)
  refuseEscapes(reader)
  const single = take(reader, SINGLE)?.[0]
  return character(reader, single ?? `\\u${reader.source.charCodeAt(reader.at++).toString(16).padStart(4, '0')}`)
}

function character({ characters, flags }: Reader, text: string): PatternNode {
  const known = characters.get(text) ?? { kind: 'char', matches: asJavaScript(text, flags) }
  characters.set(text, known)
  return known
}

/** A class, any character, or an escape of one character. */
const SINGLE = /\[(?:\\[^]|[^\]\\])*\]|\.|\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|c[A-Za-z]|[^])/y

function refuseEscapes(reader: Reader): void {
  if (take(reader, /\\[1-9k]/y)) throw new Refusal('has a backreference, which linear time does not allow')
  if (take(reader, /\\(?:0\d|c(?![A-Za-z]))/y)) throw new Refusal('has an octal or unfinished control escape')
}

function parseGroup(reader: Reader): PatternNode {
  if (take(reader, /\?<?[=!]/y)) throw new Refusal('looks ahead or behind, which linear time does not allow')
  if (take(reader, /\?[a-z-]+:/y)) throw new Refusal('sets flags within a group')
  take(reader, /\?(?::|<[^>]*>)/y)
  const inner = parseChoice(reader)
  reader.at++
  return inner
}

const atWordEdge = (text: string, at: number): boolean => isWord(text, at - 1) !== isWord(text, at)
const isWord = (text: string, at: number): boolean => /\w/.test(text.charAt(at))

const ASCII = 128

/** What JavaScript says of one character; answers for ASCII are kept. */
function asJavaScript(text: string, flags: '' | 'i'): (code: number) => boolean {
  const one = new RegExp(`^${text}$`, flags)
  const known: (boolean | undefined)[] = []
  return (code) => {
    const answer = known[code] ?? one.test(String.fromCharCode(code))
    if (code < ASCII) known[code] = answer
    return answer
  }
}
