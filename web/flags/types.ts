import type { Answer } from '../shell/answers.ts'

/** What the page reads of a flag: answers without a schema. */
export interface Rule {
  readonly id: string
  readonly description?: string
  readonly force?: unknown
  readonly condition?: Readonly<Record<string, unknown>>
  readonly parentConditions?: readonly { readonly id: string; readonly condition: Readonly<Record<string, unknown>> }[]
  readonly coverage?: number
  readonly hashAttribute?: string
  readonly clocks?: readonly string[]
  readonly schedule?: { readonly from?: number; readonly to?: number }
  readonly experiment?: string
  readonly values?: Readonly<Record<string, unknown>>
}

export interface Flag {
  readonly id: string
  readonly description: string
  readonly owner?: string
  readonly tags?: readonly string[]
  readonly clocks: readonly string[]
  readonly type: 'boolean' | 'number' | 'string' | 'json'
  readonly defaultValue: unknown
  readonly rules: readonly Rule[]
  readonly state: 'active' | 'archived'
  readonly killed: boolean
  readonly revision: number
  readonly action: string
  readonly by: string
  readonly at: number
}

export type Evaluation = Answer<'/v1/flags/{id}/evaluation'>
