/**
 * Regular expressions in time linear in the text: the meaning of JavaScript's own, without its backtracking, so that no
 * pattern can hang the process that evaluates it. The pattern becomes a Thompson automaton whose states advance
 * together, one character at a time. What one character matches is left to JavaScript: classes, escapes and the
 * ignoring of case mean exactly what they mean to the SDKs. Backreferences and lookaround need backtracking and are
 * refused.
 */
import { parsePattern, type PatternNode } from './pattern-parse.ts'

export type Matcher = (text: string) => boolean

/** A matcher, or why there is none. */
export type Pattern =
  { readonly matches: Matcher; readonly fault?: undefined } | { readonly matches?: undefined; readonly fault: string }

/** Longest pattern and text, in UTF-16 code units, and most states of an automaton: they bound the time of one match. */
export const MAX_PATTERN = 1_000
export const MAX_TEXT = 2_048
export const MAX_STATES = 500

/** Compiles a pattern; a longer text than MAX_TEXT matches none. Never throws. */
export function compilePattern(source: string, flags: '' | 'i' = ''): Pattern {
  if (source.length > MAX_PATTERN) return { fault: `is longer than ${MAX_PATTERN} characters` }
  const { node, fault } = parsePattern(source, flags)
  if (node === undefined) return { fault }
  if (sizeOf(node) > MAX_STATES) return { fault: `has more than ${MAX_STATES} states once its repetitions are counted` }
  const program = compile(node)
  return { matches: (text) => text.length <= MAX_TEXT && search(program, text) }
}

type Instruction =
  | { readonly op: 'char'; readonly matches: (code: number) => boolean }
  | { readonly op: 'assert'; readonly holds: (text: string, at: number) => boolean }
  /** Goes on at each of these places. */
  | { readonly op: 'split'; readonly to: number[] }
  | { readonly op: 'match' }

/** Instructions that a node becomes. */
function sizeOf(node: PatternNode): number {
  switch (node.kind) {
    case 'char':
    case 'assert':
      return 1
    case 'sequence':
    case 'choice':
      return node.parts.reduce((sum, part) => sum + sizeOf(part), node.kind === 'choice' ? 2 * node.parts.length : 0)
    case 'repeat':
      return (sizeOf(node.part) + 2) * Math.max(node.min + (node.max === Infinity ? 1 : 0), finite(node.max), 1)
  }
}
const finite = (count: number): number => (count === Infinity ? 0 : count)

function compile(root: PatternNode): readonly Instruction[] {
  const program: Instruction[] = []
  const split = (...to: number[]): number[] => {
    program.push({ op: 'split', to })
    return to
  }
  const emit = (node: PatternNode): void => {
    if (node.kind === 'char') program.push({ op: 'char', matches: node.matches })
    else if (node.kind === 'assert') program.push({ op: 'assert', holds: node.holds })
    else if (node.kind === 'sequence') node.parts.forEach(emit)
    else if (node.kind === 'repeat') emitRepeat(node)
    else emitChoice(node.parts)
  }
  const emitChoice = (parts: readonly PatternNode[]): void => {
    const starts = split()
    const ends = parts.map((part) => {
      starts.push(program.length)
      emit(part)
      return split()
    })
    for (const end of ends) end.push(program.length)
  }
  const emitRepeat = ({ part, min, max }: Extract<PatternNode, { kind: 'repeat' }>): void => {
    for (let count = 0; count < min; count++) emit(part)
    const skips: number[][] = []
    for (let count = min; count < (max === Infinity ? min + 1 : max); count++) {
      const start = program.length
      skips.push(split(start + 1))
      emit(part)
      if (max === Infinity) split(start)
    }
    for (const skip of skips) skip.push(program.length)
  }
  emit(root)
  program.push({ op: 'match' })
  return program
}

/** Whether the program matches anywhere in the text. */
function search(program: readonly Instruction[], text: string): boolean {
  // The position at which a state was last entered: each is entered at most once a position.
  const entered = new Int32Array(program.length).fill(-1)
  let [states, next]: [number[], number[]] = [[], []]
  for (let at = 0; at <= text.length; at++) {
    // A match may begin at every position.
    if (enter(program, 0, { text, at, entered, states })) return true
    const code = text.charCodeAt(at)
    for (const state of states) {
      const instruction = program[state]!
      if (instruction.op !== 'char' || at === text.length || !instruction.matches(code)) continue
      if (enter(program, state + 1, { text, at: at + 1, entered, states: next })) return true
    }
    ;[states, next] = [next, states]
    next.length = 0
  }
  return false
}

interface Position {
  readonly text: string
  readonly at: number
  readonly entered: Int32Array
  /** Receives the states that wait for a character. */
  readonly states: number[]
}

/** Follows everything that needs no character; true if that reaches the end of the pattern. */
function enter(program: readonly Instruction[], first: number, { text, at, entered, states }: Position): boolean {
  const waiting = [first]
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    if (entered[state] === at) continue
    entered[state] = at
    const instruction = program[state]!
    if (instruction.op === 'match') return true
    if (instruction.op === 'char') states.push(state)
    else if (instruction.op === 'split') waiting.push(...instruction.to)
    else if (instruction.holds(text, at)) waiting.push(state + 1)
  }
  return false
}
