/** What threads and their owner say to one another. One task at a time a thread, so answers need no number. */
export interface Boot {
  readonly script: string
  readonly data: unknown
}

export type Answer =
  | { readonly kind: 'progress'; readonly report: unknown }
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly reason: string; readonly stack: string }
