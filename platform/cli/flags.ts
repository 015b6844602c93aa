/** A flag of a command. */
export interface Flag {
  readonly type: 'string' | 'boolean'
  /** Placeholder of the value in the help. */
  readonly hint?: string
  readonly doc: string
  /** Returns what is wrong with a value, or undefined. */
  readonly check?: (value: string) => string | undefined
}

export type Flags = Readonly<Record<string, Flag>>

export interface Arguments {
  readonly words: readonly string[]
  text(flag: string): string | undefined
  number(flag: string): number | undefined
  on(flag: string): boolean
}

export const DATA_FLAG: Flag = { type: 'string', hint: 'DIR', doc: 'data folder (.playloop)' }
