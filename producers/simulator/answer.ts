/**
 * An answer, immediate or asynchronous. If a port rejects, the world ends: a port that may be unavailable needs a
 * fallback.
 */
export type Answer<T> = T | Promise<T>

/** Continues with an answer: in the same step if it is immediate, so that the world stays a function of its seed. */
export const andThen = <T, U>(answer: Answer<T>, next: (value: T) => Answer<U>): Answer<U> =>
  answer instanceof Promise ? answer.then(next) : next(answer)
