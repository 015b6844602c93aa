/** What the form holds, and what of it the API is sent; pure. */

export const ROLES = ['primary', 'guardrail', 'secondary'] as const
export type Role = (typeof ROLES)[number]

export interface VariationFields {
  readonly key: string
  readonly name: string
  /** Percent; '' for an equal share. */
  readonly weight: string
}

/** Everything as it was typed. */
export interface Fields {
  readonly id: string
  readonly name: string
  readonly hypothesis: string
  readonly owner: string
  /** Separated by commas. */
  readonly tags: string
  readonly clock: string
  readonly unit: string
  readonly variations: readonly VariationFields[]
  /** JSON; '' for everybody. */
  readonly condition: string
  /** Percent. */
  readonly coverage: string
  /** Metrics by key, `id@version`. */
  readonly metrics: Readonly<Record<string, Role>>
  readonly slices: readonly string[]
  readonly plannedUnits: string
  readonly by: string
  /** What a draft has that this form does not show; it is kept. */
  readonly rest: Readonly<Record<string, unknown>>
}

/** A fault, and the path of its field as the API names it. */
export interface Fault {
  readonly at: string
  readonly problem: string
}

export const EMPTY: Fields = {
  id: '',
  name: '',
  hypothesis: '',
  owner: '',
  tags: '',
  clock: '',
  unit: 'profile',
  variations: [
    { key: 'control', name: '', weight: '' },
    { key: 'treatment', name: '', weight: '' },
  ],
  condition: '',
  coverage: '100',
  metrics: {},
  slices: [],
  plannedUnits: '',
  by: '',
  rest: {},
}

/** A draft as the API has it. */
export interface Written {
  readonly id: string
  readonly name: string
  readonly hypothesis: string
  readonly owner?: string
  readonly tags?: readonly string[]
  readonly clock: string
  readonly unit: string
  readonly state: string
  readonly revision: number
  readonly variations: readonly { readonly key: string; readonly name: string; readonly weight: number }[]
  readonly bucketing: Readonly<Record<string, unknown>> & { readonly coverage: number; readonly condition?: object }
  readonly metrics: Readonly<Record<Role, readonly { readonly id: string; readonly version: number }[]>>
  readonly slices: readonly string[]
  readonly plannedUnits: number
}

const KEPT = ['forced', 'alpha', 'targetEffect', 'endsAt']
export const metricKey = ({ id, version }: { readonly id: string; readonly version: number }): string =>
  `${id}@${version}`

/** The form of a draft that exists. */
export function fieldsOf(draft: Written, by: string): Fields {
  const { coverage, condition, ...bucketing } = draft.bucketing
  const equal = draft.variations.every(({ weight }) => Math.abs(weight * draft.variations.length - 1) < 1e-6)
  return {
    ...{ id: draft.id, name: draft.name, hypothesis: draft.hypothesis, clock: draft.clock, unit: draft.unit, by },
    owner: draft.owner ?? '',
    tags: (draft.tags ?? []).join(', '),
    variations: draft.variations.map(({ key, name, weight }) => ({
      key,
      name: name === key ? '' : name,
      weight: equal ? '' : String(Number((weight * 100).toFixed(6))),
    })),
    condition: condition === undefined ? '' : JSON.stringify(condition),
    coverage: String(Number((coverage * 100).toFixed(6))),
    metrics: Object.fromEntries(
      ROLES.flatMap((role) => draft.metrics[role].map((metric) => [metricKey(metric), role] as const)),
    ),
    slices: draft.slices,
    plannedUnits: String(draft.plannedUnits),
    rest: {
      bucketing,
      ...Object.fromEntries(Object.entries(draft).filter(([name]) => KEPT.includes(name))),
    },
  }
}

/** Takes the place of what is missing, so that everything else is checked at once. */
const STAND_IN = { text: 'x', plannedUnits: 100 }

export const metricsIn = ({ metrics }: Pick<Fields, 'metrics'>, role: Role): string[] =>
  Object.entries(metrics).flatMap(([key, chosen]) => (chosen === role ? [key] : []))

/** The body of a request, complete whatever is missing, and the faults that no server is needed for. */
export function read(fields: Fields): { readonly body: Record<string, unknown>; readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const need = (ok: boolean, at: string, problem: string): void => void (ok || faults.push({ at, problem }))
  for (const at of ['name', 'id'] as const) need(fields[at].trim() !== '', at, 'is missing')
  const plannedUnits = numberOf(fields.plannedUnits)
  need(Number.isSafeInteger(plannedUnits), 'plannedUnits', 'must be a whole number')
  const coverage = numberOf(fields.coverage)
  need(coverage >= 0 && coverage <= 100, 'bucketing.coverage', 'must be a number within 0 and 100')
  const condition = conditionOf(fields.condition)
  need(condition !== 'malformed', 'bucketing.condition', 'is no JSON object, such as {"country": "DE"}')
  fields.variations.forEach(({ weight }, at) =>
    need(weight.trim() === '' || Number.isFinite(numberOf(weight)), `variations.${at}.weight`, 'must be a number'),
  )
  need(fields.by.trim() !== '', 'by', 'is missing')
  const { bucketing = {}, ...rest } = fields.rest
  const text = (value: string): string => value.trim() || STAND_IN.text
  const body = {
    ...rest,
    ...{ id: text(fields.id), name: text(fields.name), by: text(fields.by), unit: fields.unit },
    hypothesis: fields.hypothesis.trim(),
    ...(fields.owner.trim() !== '' && { owner: fields.owner.trim() }),
    ...(listOf(fields.tags).length > 0 && { tags: listOf(fields.tags) }),
    clock: fields.clock || 'live',
    variations: fields.variations.map(variationOf),
    bucketing: {
      ...(bucketing as object),
      coverage: coverage >= 0 && coverage <= 100 ? coverage / 100 : 1,
      ...(typeof condition === 'object' && { condition }),
    },
    metrics: Object.fromEntries(ROLES.map((role) => [role, metricsIn(fields, role)])),
    slices: fields.slices,
    plannedUnits: Number.isSafeInteger(plannedUnits) ? plannedUnits : STAND_IN.plannedUnits,
  }
  return { body, faults }
}

/** What is asked of past days: who would take part, and what would be found. */
export function outlookOf(fields: Fields): Record<string, unknown> {
  const { body, faults } = read(fields)
  const { id, clock, unit, variations, bucketing, alpha, plannedUnits } = body
  const isPlanned = !faults.some(({ at }) => at === 'plannedUnits') && Number(plannedUnits) >= 100
  return {
    ...{ id, clock, unit, variations, bucketing, alpha },
    metrics: { primary: metricsIn(fields, 'primary').slice(0, 3) },
    ...(isPlanned && { plannedUnits }),
  }
}

/** NaN for no number: an empty text is none. */
const numberOf = (text: string): number => (text.trim() === '' ? NaN : Number(text))
const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

function variationOf({ key, name, weight }: VariationFields): object {
  const share = numberOf(weight) / 100
  return {
    key: key.trim(),
    ...(name.trim() !== '' && { name: name.trim() }),
    ...(Number.isFinite(share) && { weight: share }),
  }
}

function conditionOf(text: string): object | 'malformed' | undefined {
  if (text.trim() === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : 'malformed'
  } catch {
    return 'malformed'
  }
}

const PLACES = [
  ...['id', 'name', 'hypothesis', 'owner', 'tags', 'clock', 'unit', 'variations', 'metrics', 'slices', 'by'],
  ...['bucketing.condition', 'bucketing.coverage', 'plannedUnits'],
]

/** The field that shows a fault: the nearest place of the form around its path; undefined if there is none. */
export function placeOf(at: string, fields: Fields): string | undefined {
  const [first = '', role = '', index = ''] = at.split('.')
  if (first === 'metrics') {
    const key = metricsIn(fields, role as Role)[Number(index)]
    return index === '' || key === undefined ? 'metrics' : `metrics.${key}`
  }
  if (/^variations\.\d+\.(key|name|weight)$/.test(at)) return at
  return PLACES.find((place) => at === place || at.startsWith(`${place}.`))
}

/** Faults by field, as sentences, and those that no field shows. */
export function placed(
  faults: readonly Fault[],
  fields: Fields,
): { readonly byField: ReadonlyMap<string, string>; readonly elsewhere: readonly string[] } {
  const byField = new Map<string, string>()
  const elsewhere: string[] = []
  for (const { at, problem } of faults) {
    const place = placeOf(at, fields)
    if (place === undefined) elsewhere.push(`${at} ${problem}`.trim())
    else byField.set(place, [byField.get(place), sentence(problem)].filter(Boolean).join(' '))
  }
  return { byField, elsewhere }
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
