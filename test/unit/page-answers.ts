import type { FlagService } from '../../api/flags/service.ts'
import type { History } from '../../api/history/service.ts'
import type { Flag } from '../../web/flags/types.ts'
import type { ReducedSession, SessionAnswer } from '../../web/session/types.ts'
import type { SessionsAnswer } from '../../web/shell/answers.ts'

/**
 * Types of answers are generated from the API's schemas, but for three that a schema leaves open: rows of these leave as
 * the store or the log has them. Pages say for themselves what they read of those, and here the compiler holds it to
 * the service: `npm test -- check` is red where they part.
 */
type Reads<Page, Answer extends Page> = [Page, Answer]

type Service<Name extends 'sessions' | 'session'> = Awaited<ReturnType<History[Name]>>

export type Held = [
  Reads<SessionsAnswer, Service<'sessions'>>,
  // Tracks are rows of the log: they have no type to hold.
  Reads<
    Omit<SessionAnswer, 'tracks' | 'sessions'> & { readonly sessions: readonly ReducedSession[] },
    Service<'session'>
  >,
  Reads<Flag, Awaited<ReturnType<FlagService['flags']['one']>>>,
  // @ts-expect-error It can be red: the API answers nothing of this name.
  Reads<SessionsAnswer & { readonly weather: string }, Service<'sessions'>>,
]
