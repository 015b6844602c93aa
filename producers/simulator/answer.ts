/** An answer that is there, or will come. A port that fails ends the world: what may be away needs a fallback. */
export type Answer<T> = T | Promise<T>

/** Goes on with an answer: in the same step where it is there, so that the world stays a function of its seed. */
export const andThen = <T, U>(answer: Answer<T>, next: (value: T) => Answer<U>): Answer<U> =>
  answer instanceof Promise ? answer.then(next) : next(answer)
