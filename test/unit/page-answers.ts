import type { Static } from 'typebox'
import type { ActionsAnswer } from '../../api/actions.ts'
import type { DefinitionsAnswer, MetricsAnswer } from '../../api/history/schema.ts'
import type { ClocksAnswer, LiveFrame } from '../../api/qoe/schema.ts'
import type { SinkAnswer } from '../../api/sink.ts'
import type * as history from '../../web/history/answer.ts'
import type * as now from '../../web/now/view.ts'

/**
 * A page imports nothing of the server, so it says for itself what it reads of an answer. Here the compiler holds that to
 * the schema by which the API writes the answer (and /openapi.json describes it): `npm test -- check` is red where they part.
 */
type Reads<Page, Answer extends Page> = [Page, Answer]

export type Held = [
  Reads<now.Frame, LiveFrame>,
  Reads<now.Clocks, Static<typeof ClocksAnswer>>,
  Reads<now.Sink, Static<typeof SinkAnswer>>,
  Reads<now.Actions, Static<typeof ActionsAnswer>>,
  Reads<history.Clocks, Static<typeof ClocksAnswer>>,
  Reads<history.Metrics, Static<typeof MetricsAnswer>>,
  Reads<history.Definitions, Static<typeof DefinitionsAnswer>>,
  // @ts-expect-error It can be red: the API answers nothing of this name.
  Reads<now.Frame & { readonly weather: string }, LiveFrame>,
]
