import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { openAddress } from '../shell/address.ts'
import type { Definitions } from '../shell/answers.ts'
import { createAsking } from '../shell/asking.ts'
import { clockOptions, type Choice, type Option } from '../shell/choice.tsx'
import { Footer } from '../shell/parts.tsx'
import { open, Shell } from '../shell/shell.tsx'
import { askHistory } from './asked.ts'
import { Breakdown } from './breakdown.tsx'
import { Filters } from './filters.tsx'
import { OverTime } from './over-time.tsx'
import { Period } from './period.tsx'
import { DEFAULTS, moved, RANGES, wholePath } from './question.ts'
import { Saved } from './saved.tsx'
import { Spread } from './spread.tsx'
import { Whole } from './whole.tsx'

/** The page *History*: any metric over any period, compared and broken down, with its sample size and completeness. */
const REFRESH_MS = 60_000
const BY = [
  ['by', 'Break down by', 'nothing'],
  ['by2', 'then by', 'nothing more'],
  ['by3', 'then by', 'nothing more'],
] as const
const REFRESH: Choice = {
  name: 'refresh',
  label: 'Refresh',
  options: [
    ['off', 'when asked'],
    ['60', 'every minute'],
  ],
}

const address = openAddress(DEFAULTS)
const asking = createAsking()
const asked = askHistory(address, asking)
/** As a history entry, so that Back undoes it. */
const go = (change: Readonly<Record<string, string>>): void => address.go(change, 'push')
const narrow = (from: number, to: number): void => go({ from: String(from), to: String(to) })

function History() {
  const metric = useRef<HTMLSelectElement>(null)
  const { definitions, view, said, refused } = asked
  const dimensions = definitions.value?.dimensions ?? []
  useEffect(() => {
    const again = (): void => {
      if (address.get('refresh') !== 'off' && !asked.busy.value) asked.again()
    }
    const timer = setInterval(again, REFRESH_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <Shell
      section="History"
      address={address}
      standing={asking.shown}
      headline={said.value?.headline}
      note={said.value?.note ?? ''}
      search={{
        label: 'Metric',
        element: <MetricChoice focus={metric} definitions={definitions.value} />,
        focus: metric,
      }}
      filters={[
        ...BY.map(([name, label, nothing]) => ({
          name,
          label,
          options: [['', nothing], ...dimensions.map((each): Option => [each, each])] satisfies Option[],
        })),
        { name: 'clock', label: 'Clock', options: clockOptions(asked.clocks.value?.clocks) },
      ]}
      bar={[rangeChoice(), REFRESH]}
      more={<More dimensions={dimensions} />}
      footer={
        <Footer
          watermark={asked.watermark.value}
          json={view.value === undefined ? '/v1/qoe/metrics' : wholePath(view.value)}
          what="These figures"
        />
      }
    >
      <Progress />
      <Whole answer={asked.whole.value} hidden={refused.value} />
      <div class="pictures" hidden={refused.value}>
        <OverTime
          answer={asked.overTime.value}
          choose={narrow}
          move={(by) => {
            if (view.value === undefined) return
            const { from, to } = moved(view.value, by)
            narrow(from, to)
          }}
        />
        <Spread answer={asked.whole.value} />
      </div>
      <div hidden={refused.value}>
        <Breakdown address={address} answer={asked.breakdown.value} />
      </div>
    </Shell>
  )
}

/** A range from the list replaces a freely chosen period. */
function rangeChoice(): Choice {
  const isFree = address.get('from') !== '' && address.get('to') !== ''
  const ranges = RANGES.map(([value, text]): Option => [value, text])
  return {
    name: 'range',
    label: 'Range',
    options: isFree ? [...ranges, ['chosen', 'chosen period']] : ranges,
    value: isFree ? 'chosen' : address.get('range'),
    choose: (range) => {
      if (range !== 'chosen') go({ range, from: '', to: '' })
    },
  }
}

interface MetricChoiceProps {
  readonly focus: RefObject<HTMLSelectElement | null>
  readonly definitions: Definitions | undefined
}

/** Old ids are supported for one more version, and offered only if the address uses one. */
const isOffered =
  (chosen: string) =>
  ({ id, replaced_by: current }: Definitions['metrics'][number]): boolean =>
    current === undefined || id === chosen

/** All metrics by the family of their definition. */
function MetricChoice({ focus, definitions }: MetricChoiceProps) {
  const chosen = address.get('metric')
  const metrics = (definitions?.metrics ?? []).filter(isOffered(chosen))
  const families = [...Map.groupBy(metrics, ({ id }) => id.slice(id.indexOf(':') + 1))]
  return (
    <label>
      <span>Metric</span>
      <select id="metric" ref={focus} value={chosen} onChange={(event) => go({ metric: event.currentTarget.value })}>
        {families.map(([family, own]) => (
          <optgroup key={family} label={family}>
            {own.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </optgroup>
        ))}
        {metrics.every(({ id }) => id !== chosen) && <option value={chosen}>{chosen}</option>}
      </select>
    </label>
  )
}

/** With enough room for a column everything is expanded; otherwise the figures come first. */
function More({ dimensions }: { readonly dimensions: readonly string[] }) {
  const wide = useRef(matchMedia('(min-width: 861px)')).current
  const [isOpen, setOpen] = useState(wide.matches)
  useEffect(() => {
    const follow = (): void => setOpen(wide.matches)
    wide.addEventListener('change', follow)
    return () => wide.removeEventListener('change', follow)
  }, [])
  return (
    <details class="more" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Period, comparison, filters, saved views</summary>
      <Period address={address} view={asked.view.value} />
      <Filters address={address} view={asked.view.value} dimensions={dimensions} />
      <Saved />
    </details>
  )
}

const Progress = () => (
  <p class="progress" id="progress">
    <span role="status">{asked.step.value}</span>
    <button type="button" id="cancel" hidden={!asked.busy.value} onClick={asked.cancel}>
      Cancel
    </button>
  </p>
)

open(History)
