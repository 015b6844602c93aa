import { errorTable } from '../platform/errors.ts'
import type { Words } from '../platform/http/index.ts'

export const fail = errorTable({
  API_NOT_FOUND: { status: 404, message: 'nothing is served at {path}', next: 'see /openapi.json for what there is' },
  API_METHOD: { status: 405, message: '{path} is not served by {method}', next: 'use one of {allow}' },
  API_QUERY_INVALID: {
    status: 400,
    message: 'the request is not understood: {problem}',
    next: 'see /openapi.json for parameters and their values',
  },
  API_STORE_AWAY: {
    status: 503,
    message: 'the store does not answer',
    next: 'ask again in some seconds; /health/ready says when it is back',
  },
  API_TOO_MANY_STREAMS: {
    status: 503,
    message: '{most} streams are open already',
    next: 'ask for the same as JSON, or connect again later',
  },
  API_SESSION_UNKNOWN: {
    status: 404,
    message: 'nothing is known of the session {id} on the clock {clock}',
    next: 'look for it with /v1/qoe/sessions; docs/schemas.md says how long raw events are kept',
  },
  API_INCIDENT_UNKNOWN: {
    status: 404,
    message: 'there is no incident {id}',
    next: '/v1/qoe/incidents lists them, by clock',
  },
  API_INCIDENT_ENDED: {
    status: 409,
    message: 'the incident {id} has ended',
    next: 'nothing: what has ended needs no one; a new one has an id of its own',
  },
  API_INCIDENT_TIME: {
    status: 400,
    message: 'until ({until}) must be later than now ({now}), and by 30 days at most',
    next: "give ms of the incident's clock: /v1/clocks says where it stands",
  },
  API_EXPERIMENT_UNKNOWN: { status: 404, message: 'there is no experiment {id}', next: '/v1/experiments lists them' },
  API_EXPERIMENT_INVALID: {
    status: 422,
    message: 'it cannot be so: {problem}',
    next: '`faults` lists everything that is wrong, by place',
  },
  API_EXPERIMENT_TAKEN: {
    status: 409,
    message: 'there is an experiment or a flag {id} already',
    next: 'give it another id: what was counted under one stays under it',
  },
  API_EXPERIMENT_MOVED: {
    status: 409,
    message: 'somebody was faster: the experiment {id} stands at another revision now ({revision})',
    next: 'look at it again, then decide',
  },
  API_DECISION_UNKNOWN: {
    status: 404,
    message: 'the experiment {id} has no decision {number}',
    next: '/v1/experiments/ID/decisions lists them',
  },
  API_WEBHOOK_UNKNOWN: { status: 404, message: 'there is no webhook {id}', next: '/v1/webhooks lists them' },
  API_WEBHOOK_INVALID: {
    status: 422,
    message: 'it cannot be so: {problem}',
    next: 'see docs/experiments.md for what a receiver is',
  },
  API_ROLLOUT_NOTHING: {
    status: 409,
    message: 'the rollout of the experiment {id} has nothing that can be undone',
    next: '/v1/experiments/ID/rollout says what is announced and what was done',
  },
  API_OUTCOMES_BEHIND: {
    status: 503,
    message: 'outcomes of the experiment {id} are not counted yet up to what has landed',
    next: 'ask again in some seconds; kill, pause and stop work meanwhile',
  },
  API_EXPERIMENT_OWNED: {
    status: 403,
    message: '{name} may not {action} the experiment {id}: it belongs to {owners}',
    next: 'ask its owner, or use a key or token with the scope admin:experiments; whoever may write may kill it',
  },
  API_DEFINITION_UNKNOWN: { status: 404, message: 'there is no {kind} {id}', next: '{path} lists them' },
  API_DEFINITION_INVALID: {
    status: 422,
    message: 'it cannot be so: {problem}',
    next: '`faults` lists everything that is wrong, by place',
  },
  API_DEFINITION_TAKEN: {
    status: 409,
    message: 'the id {id} is taken',
    next: 'give it another id: flags and experiments are features under theirs, and archived ones keep it',
  },
  API_DEFINITION_MOVED: {
    status: 409,
    message: 'somebody was faster: the {kind} {id} stands at another revision now ({revision})',
    next: 'look at it again, then decide',
  },
  API_METRIC_TAKEN: {
    status: 409,
    message: 'the metric {metric} exists, and definitions are never changed',
    next: 'give the change a new version, or an id of its own',
  },
  API_CLOCK_SILENT: {
    status: 409,
    message: 'nothing was heard on the clock {clock}',
    next: '/v1/clocks lists those that were; as_of names a moment',
  },
  API_BUSY: {
    status: 503,
    message: '{most} questions about history wait already',
    next: 'ask again in some seconds, for a shorter time or fewer dimensions',
  },
  API_QUESTION_DEAR: {
    status: 422,
    message: 'the question needs more time or memory than one question may take',
    next: 'ask for a shorter time, fewer dimensions, or with a filter',
  },
  API_INTERNAL: {
    status: 500,
    message: 'the API failed',
    next: 'the log has the cause; report it with the time of the request',
  },
})

/** Error codes of the API that all servers share. */
export const words: Words = {
  HTTP_NOT_FOUND: (details, cause) => fail('API_NOT_FOUND', details, cause),
  HTTP_METHOD: (details, cause) => fail('API_METHOD', details, cause),
  HTTP_INVALID: (details, cause) => fail('API_QUERY_INVALID', details, cause),
  HTTP_STORE_AWAY: (details, cause) => fail('API_STORE_AWAY', details, cause),
  HTTP_INTERNAL: (details, cause) => fail('API_INTERNAL', details, cause),
}
