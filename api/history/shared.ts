import type { Clock } from '../../platform/clock.ts'

/** Answers held at once; the oldest leave. */
const MOST = 64

/** Gives the same question the same answer for `freshMs`: it is worked out once for everybody who asks meanwhile. */
export function createShared(
  { now }: Pick<Clock, 'now'>,
  freshMs: number,
): <T>(question: string, work: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>()
  return <T>(question: string, work: () => Promise<T>): Promise<T> => {
    const known = answers.get(question)
    if (known !== undefined && now() - known.at < freshMs) return known.answer as Promise<T>
    const answer = work()
    answers.delete(question)
    answers.set(question, { at: now(), answer })
    if (answers.size > MOST) answers.delete(answers.keys().next().value!)
    // What failed is no answer: the next one asks again.
    answer.catch(() => {
      if (answers.get(question)?.answer === answer) answers.delete(question)
    })
    return answer
  }
}
