import type { Static } from 'typebox'
import type { ActionsAnswer } from '../../api/actions/routes.ts'
import type { DefinitionsAnswer, ErrorsAnswer, MetricsAnswer } from '../../api/history/schema.ts'
import type { History } from '../../api/history/service.ts'
import type { IncidentAnswer, IncidentsAnswer } from '../../api/qoe/incidents/schema.ts'
import type { ClocksAnswer, LiveFrame } from '../../api/qoe/schema.ts'
import type { SinkAnswer } from '../../api/sink/routes.ts'
import type * as incidents from '../../web/incidents/types.ts'
import type * as now from '../../web/now/view.ts'
import type { ReducedSession, SessionAnswer } from '../../web/session/types.ts'
import type * as past from '../../web/shell/answers.ts'

/**
 * A page imports nothing of the server, so it says for itself what it reads of an answer. Here the compiler holds that
 * to
 * the schema by which the API writes the answer (and /openapi.json describes it): `npm test -- check` is red where they
 * part.
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
  Reads<incidents.IncidentsAnswer, Static<typeof IncidentsAnswer>>,
  Reads<incidents.IncidentDetail, Static<typeof IncidentAnswer>>,
  // Its tracks leave as the log has them, without a schema that would drop a field: they have no type to hold.
  Reads<
    Omit<SessionAnswer, 'tracks' | 'sessions'> & { readonly sessions: readonly ReducedSession[] },
    Awaited<ReturnType<History['session']>>
  >,
  // @ts-expect-error It can be red: the API answers nothing of this name.
  Reads<now.Frame & { readonly weather: string }, LiveFrame>,
]
