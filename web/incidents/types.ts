import type { Answer } from '../shell/answers.ts'

/** Answer of `/v1/qoe/incidents`. Times are ms of the clock unless stated otherwise. */
export type IncidentsAnswer = Answer<'/v1/qoe/incidents'>
export type Incident = IncidentsAnswer['incidents'][number]
export type IncidentDetail = Answer<'/v1/qoe/incidents/{id}'>
export type Evidence = IncidentDetail['evidence'][number]
