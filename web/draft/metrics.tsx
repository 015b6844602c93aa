import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import type { Metric } from '../experiment/types.ts'
import { Select } from '../shell/choice.tsx'
import type { Form } from './asked.ts'
import { Group, idOf, Lines, tied } from './fields.tsx'
import { metricKey, type Role } from './form.ts'
import { matches, windowText } from './view.ts'

const USES = [
  ['', 'not used'],
  ['primary', 'primary'],
  ['guardrail', 'guardrail'],
  ['secondary', 'secondary'],
] as const

/** The metrics of the registry, those in use first; a filter narrows the others. */
export function Metrics({
  form,
  filter,
}: {
  readonly form: Form
  readonly filter: RefObject<HTMLInputElement | null>
}) {
  const search = useSignal('')
  const { metrics: chosen } = form.fields.value
  const choose = (key: string, role: string): void => {
    const { [key]: _, ...others } = chosen
    form.change('metrics', { metrics: role === '' ? others : { ...others, [key]: role as Role } })
  }
  const shown = form.metrics.value
    .filter((metric) => metricKey(metric) in chosen || matches(metric, search.value))
    .toSorted((a, b) => Number(metricKey(b) in chosen) - Number(metricKey(a) in chosen))
  return (
    <Group
      form={form}
      at="metrics"
      label="Metrics"
      hint="One to three primary metrics decide. Guardrails must not be harmed. Secondary ones explain."
    >
      <label for="metric-filter" class="voice">
        Filter metrics
      </label>
      <input
        ref={filter}
        id="metric-filter"
        type="search"
        placeholder="Filter by name or id"
        aria-describedby="metrics-hint metrics-fault"
        onInput={(event) => (search.value = event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
      <ul class="metrics">
        {shown.map((metric) => (
          <Use key={metric.id} form={form} metric={metric} role={chosen[metricKey(metric)] ?? ''} choose={choose} />
        ))}
      </ul>
      {shown.length === 0 && <p class="none">No metric is called “{search}”.</p>}
    </Group>
  )
}

interface UseProps {
  readonly form: Form
  readonly metric: Metric
  readonly role: string
  readonly choose: (key: string, role: string) => void
}

function Use({ form, metric, role, choose }: UseProps) {
  const [key, at] = [metricKey(metric), `metrics.${metricKey(metric)}`]
  const uses = USES.filter(([use]) => use !== 'guardrail' || metric.margin !== undefined || role === use)
  return (
    <li class="field" data-wrong={form.shown.value.has(at) ? '' : undefined}>
      <label for={idOf(at)} title={metric.description}>
        {metric.name}
      </label>
      <Select {...tied(form, at)} options={uses} value={role} choose={(use) => choose(key, use)} />
      <Lines form={form} at={at} hint={`${metric.id} · ${windowText(metric)}`} />
    </li>
  )
}
