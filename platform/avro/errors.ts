import { errorTable } from '../errors.ts'

/** Errors of encoding and of the schema registry. Unreadable records are values (see codec.ts), not errors. */
export const fail = errorTable({
  AVRO_ENCODE: {
    status: 500,
    message: 'a record of {topic} cannot be written: {field} {problem}',
    next: 'a producer made it: validate events before they are encoded',
  },
  REGISTRY_UNREACHABLE: {
    status: 503,
    message: 'the schema registry at {url} does not answer ({problem})',
    next: 'start the registry or mend SCHEMA_REGISTRY_URL; without that variable the committed catalogue is used',
  },
  REGISTRY_REFUSED: {
    status: 409,
    message: "the registry refuses the schema of '{subject}' as incompatible: {problem}",
    next: 'somebody registered another schema for this topic: compare GET /subjects/{subject}/versions/latest with schemas/published',
  },
  REGISTRY_INVALID: {
    status: 422,
    message: "the registry cannot read the schema of '{subject}': {problem}",
    next: 'check that the registry supports Avro; `npm run schemas` checks the schemas themselves',
  },
  REGISTRY_ANSWER: {
    status: 502,
    message: 'the schema registry at {url} answered {status} to {request}: {problem}',
    next: 'check that the URL leads to a Confluent-compatible API, for Apicurio ending in /apis/ccompat/v7, and its credentials',
  },
})
