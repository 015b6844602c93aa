import { Ajv, type ErrorObject } from 'ajv'
import type { FaultSpec, Scenario } from './faults.ts'

const number = { type: 'number' }
const text = { type: 'string', minLength: 1 }
const texts = { type: 'array', items: text, minItems: 1 }
const permille = { type: 'integer', minimum: 0, maximum: 1_000 }
const fault = (kind: FaultSpec['kind'], own: object, optional: object = {}): object => ({
  type: 'object',
  additionalProperties: false,
  required: ['id', 'kind', 'startMs', 'endMs', ...Object.keys(own)],
  properties: { id: text, kind: { const: kind }, startMs: number, endMs: number, ...own, ...optional },
})

const SCHEMA = {
  type: 'array',
  maxItems: 1_000,
  items: {
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: [
      fault('isp-degrades', {
        asn: { type: 'integer', minimum: 1 },
        throughputPermille: permille,
        extraLatencyMs: { type: 'number', minimum: 0 },
      }),
      fault('oca-dies', {
        ocas: texts,
        how: { enum: ['refuse', 'hang', '503'] },
        noticedAfterMs: { type: 'number', minimum: 0 },
      }),
      fault(
        'app-regresses',
        { appVersion: text, extraStartupMs: { type: 'number', minimum: 0 }, fatalPermille: permille },
        { devices: texts },
      ),
      fault('arm-improves-startup', {
        experiment: text,
        variation: { type: 'integer', minimum: 0 },
        startupPermille: permille,
      }),
      fault('arm-starves-slow-lines', {
        experiment: text,
        variation: { type: 'integer', minimum: 0 },
        belowKbps: { type: 'number', exclusiveMinimum: 0 },
        throughputPermille: permille,
      }),
    ],
  },
}

const isScenario = new Ajv({ discriminator: true, strict: false }).compile<Scenario>(SCHEMA)

/** A scenario of planted faults (faults.ts) parsed from JSON, or a description of its fault. */
export function readScenario(json: string): Scenario | string {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return `it is no JSON: ${(error as Error).message}`
  }
  if (!isScenario(value)) return inWords(isScenario.errors?.[0])
  const backwards = value.find(({ startMs, endMs }) => endMs <= startMs)
  return backwards === undefined ? value : `fault ${backwards.id} ends before it starts`
}

function inWords(error: ErrorObject | undefined): string {
  if (error === undefined) return 'it is no list of faults'
  const more = error.params as { allowedValues?: readonly string[]; additionalProperty?: string; tag?: string }
  return [
    error.instancePath || 'the file',
    error.message,
    more.additionalProperty,
    more.tag,
    more.allowedValues?.join(', '),
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}
