import { errorTable } from '../../platform/errors.ts'

export const fail = errorTable({
  CLIENT_ID_INVALID: {
    status: 400,
    message: "event_id '{id}' is neither a UUID nor 32 hex digits",
    next: 'leave event_id out (the client makes one) or send a UUID',
  },
  CLIENT_CLOSED: {
    status: 500,
    message: 'an event was sent to a client that is closed',
    next: 'stop producing before close() is called',
  },
  CLIENT_OVERFLOW: {
    status: 500,
    message: '{bytes} bytes wait to be acknowledged, {limit} are allowed: back-pressure was ignored',
    next: 'await ready() whenever send() answers false',
  },
  CLIENT_REFUSED: {
    status: 502,
    message: 'the collector refused {count} events of {topic} with {status} {code}',
    next: 'check the URL, the ingest key and the size of batches; these events are counted as rejected and are not sent again',
  },
  CLIENT_ANSWER_ODD: {
    status: 502,
    message: 'the answer to {count} events of {topic} does not account for them: {answer}',
    next: 'check that the URL is that of a playloop collector; whether these events are stored is unknown',
  },
  CLIENT_ABANDONED: {
    status: 503,
    message: 'the client was closed while {abandoned} events were not acknowledged: whether they are stored is unknown',
    next: 'send them again with the same ids; nothing is counted twice by it',
  },
})
