import type { Static } from 'typebox'
import type { ActionsAnswer } from '../../api/actions.ts'
import type { DefinitionsAnswer, ErrorsAnswer, MetricsAnswer } from '../../api/history/schema.ts'
import type { History } from '../../api/history/service.ts'
import type { ClocksAnswer, LiveFrame } from '../../api/qoe/schema.ts'
import type { SinkAnswer } from '../../api/sink.ts'
import type * as now from '../../web/now/view.ts'
import type * as past from '../../web/shell/answers.ts'

/**
 * A page imports nothing of the server, so it says for itself what it reads of an answer. Here the compiler holds that to
 * the schema by which the API writes the answer (and /openapi.json describes it): `npm test -- check` is red where they part.
 */
type Reads<Page, Answer extends Page> = [Page, Answer]

export type Held = [
  Reads<now.Frame, LiveFrame>,
  Reads<now.Sink, Static<typeof SinkAnswer>>,
  Reads<now.Actions, Static<typeof ActionsAnswer>>,
  Reads<past.Clocks, Static<typeof ClocksAnswer>>,
  Reads<past.MetricsAnswer, Static<typeof MetricsAnswer>>,
  Reads<past.Definitions, Static<typeof DefinitionsAnswer>>,
  Reads<past.ErrorsAnswer, Static<typeof ErrorsAnswer>>,
  // Its rows leave as the store has them (`additionalProperties`): their type is the service's.
  Reads<past.SessionsAnswer, Awaited<ReturnType<History['sessions']>>>,
  // @ts-expect-error It can be red: the API answers nothing of this name.
  Reads<now.Frame & { readonly weather: string }, LiveFrame>,
]
