/** Messages between threads and their owner. A thread runs one task at a time, so answers need no id. */
export interface Boot {
  readonly script: string
  readonly data: unknown
}

export type Answer =
  | { readonly kind: 'progress'; readonly report: unknown }
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly reason: string; readonly stack: string }
