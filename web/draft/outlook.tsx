import { useEffect, useRef, useState } from 'preact/hooks'
import { Region, Table } from '../chart/table.tsx'
import type { Outlook } from '../shell/answers.ts'
import { tell, type Answer } from '../shell/feed.ts'
import { None, Section, Skeleton } from '../shell/parts.tsx'
import type { Form } from './asked.ts'
import { Course } from './course.tsx'
import { outlookOf } from './form.ts'
import { audienceSentence, basisSentence, PAST_HEAD, pastRows, reachRows } from './prospect.ts'

/** Pause in typing after which history is asked, ms. */
const PAUSE_MS = 800

/** The latest answer about what stands in the form; the one before stays until the next arrives. */
function useOutlook(question: string, isReady: boolean): Answer<Outlook> | undefined {
  const [answer, setAnswer] = useState<Answer<Outlook>>()
  const latest = useRef(0)
  useEffect(() => {
    const mark = ++latest.current
    if (!isReady) return
    const timer = setTimeout(async () => {
      const next = await tell<Outlook>('/v1/experiments/plan/preview', JSON.parse(question))
      if (mark === latest.current) setAnswer(next)
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [question, isReady])
  return answer
}

/** Who would take part, and what would be found after how many days: from the store's own past. */
export function Prospect({ form }: { readonly form: Form }) {
  const { fields, isChecked } = form
  const answer = useOutlook(JSON.stringify(outlookOf(fields.value)), isChecked.value)
  return (
    <Section name="outlook" wide title="What it could find">
      {answer === undefined ? (
        <Skeleton />
      ) : answer.data === undefined ? (
        <None>No outlook: {answer.failure.title}.</None>
      ) : (
        <Findings outlook={answer.data} unit={fields.value.unit} />
      )}
    </Section>
  )
}

function Findings({ outlook, unit }: { readonly outlook: Outlook; readonly unit: string }) {
  const { audience, metrics, observed_days: observed } = outlook
  return (
    <>
      <p id="audience">{audienceSentence(outlook, unit)}</p>
      {audience.units > 0 && (
        <div class="columns">
          <Reached name="country" reached={audience.country} />
          <Reached name="device" reached={audience.device} />
        </div>
      )}
      {metrics.length === 0 ? (
        <None>Choose a primary metric to see which effects would be found.</None>
      ) : (
        <>
          <div class="columns">
            {metrics.map((metric) => (
              <Course key={metric.metric} metric={metric} observed={observed} />
            ))}
          </div>
          <p class="note">{basisSentence(outlook)}</p>
          <h3>Primary metrics in their last window</h3>
          <Region label="Primary metrics in their last window">
            <Table head={PAST_HEAD} rows={pastRows(outlook)} />
          </Region>
        </>
      )}
    </>
  )
}

const Reached = ({ name, reached }: { readonly name: string; readonly reached: Outlook['audience']['country'] }) => (
  <Region id={`by-${name}`} label={`Who would take part, by ${name}`}>
    <Table head={[name, 'units', 'would take part', 'share']} rows={reachRows(reached, bar)} />
  </Region>
)

const BAR_PX = 80
const bar = (share: number): object => (
  <svg class="share" viewBox={`0 0 ${BAR_PX} 10`} width={BAR_PX} height={10} aria-hidden="true">
    <rect class="whole" width={BAR_PX} height={10} rx={2} />
    <rect class="part" width={share * BAR_PX} height={10} rx={2} />
  </svg>
)
