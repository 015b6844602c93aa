import type { ComponentChildren } from 'preact'
import { Region } from '../chart/table.tsx'
import type { Address } from '../shell/address.ts'
import type { MetricsAnswer } from '../shell/answers.ts'
import { useAnswers } from '../shell/hooks.ts'
import { None, Refused, Section, Skeleton } from '../shell/parts.tsx'
import { pathOf, toldOf, type Parameters, type Told } from './past.ts'

const [PATIENCE_MS, AGAIN_MS] = [30_000, 20_000]

export interface PastProps {
  readonly address: Address
  readonly id: string
  readonly title: string
  /** Control beside the title. */
  readonly choice?: ComponentChildren
  /** Explanation under the title; may depend on the answers. */
  readonly note: (answers: readonly Told[] | undefined) => ComponentChildren
  readonly questions: readonly Parameters[]
  /** Renders the answers, one for each question; undefined if there is nothing to show. */
  readonly show: (answers: readonly Told[]) => ComponentChildren
}

/**
 * A panel about the last hour of the clock, for what live minutes do not contain: networks, versions, and missing
 * telemetry are known only for sessions. The previous answer stays until the next one arrives.
 */
export function Past({ address, id, title, choice, note, questions, show }: PastProps) {
  const refresh = address.get('refresh')
  const paths = questions.map((question) => pathOf(address, question))
  const answers = useAnswers<MetricsAnswer>(paths, {
    patience: PATIENCE_MS,
    everyMs: refresh === 'off' ? undefined : AGAIN_MS,
    again: refresh,
  })
  const told =
    answers === undefined || answers.failure !== undefined
      ? undefined
      : answers.data.map((data, i) => toldOf(data!, answers.paths[i]!))
  return (
    <Section name={id} title={`${title}, last hour`} choice={choice ?? <></>}>
      {note(told)}
      <Region id={id} label={title}>
        {answers?.failure !== undefined ? (
          <Refused failure={answers.failure} />
        ) : told === undefined ? (
          <Skeleton />
        ) : (
          (show(told) ?? <None />)
        )}
      </Region>
    </Section>
  )
}
