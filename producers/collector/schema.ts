import { Type } from 'typebox'
import { FAULTS } from './faults.ts'

/** Schemas of the collector's answers: Fastify serialises with them, and the API document can reuse them. */
export const OutcomeSchema = Type.Object({
  accepted: Type.Integer({ description: 'Events stored now: Kafka has acknowledged each.' }),
  duplicates: Type.Integer({ description: 'Events that were stored before; as good as accepted.' }),
  rejected: Type.Array(
    Type.Object({
      index: Type.Integer({ description: 'Place of the event in the request, from 0.' }),
      code: Type.String({ enum: Object.keys(FAULTS) }),
      field: Type.Optional(Type.String()),
    }),
    { description: 'Events that will never be taken as they are: do not send them again.' },
  ),
})

export const TopicParams = Type.Object({ topic: Type.String() })
