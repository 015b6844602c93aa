import type { Clock } from '../../platform/clock.ts'

/** Maximum cached answers; the oldest are dropped. */
const MOST = 64

/** Answers equal questions from one result for `freshMs`, including those asked while it is computed. */
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
    // Failures are not cached: the next request asks again.
    answer.catch(() => {
      if (answers.get(question)?.answer === answer) answers.delete(question)
    })
    return answer
  }
}
