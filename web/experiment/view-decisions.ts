import type { Row } from '../chart/row.ts'
import { fullTime } from '../shell/format.ts'
import type { Choice, Experiment, ListedDecision, RolloutAnswer } from './types.ts'

/** A decision that a button offers. */
export interface Offer {
  /** Of its button. */
  readonly name: string
  readonly text: string
  /** What happens, in a sentence. */
  readonly means: string
  readonly choice: Choice
  readonly variation?: number
  readonly operation?: { readonly action: 'stop' }
}

/** Decisions on an experiment that was started. Whoever ships takes the arm into the product; here nothing is done. */
export const choicesOf = ({ state, variations }: Experiment): readonly Offer[] =>
  state === 'draft' || state === 'archived'
    ? []
    : [
        ...variations.slice(1).map(({ key, name }, at) => ({
          name: `ship-${at + 1}`,
          text: `Ship “${name || key}”`,
          means:
            'It is recorded that this arm is shipped. The experiment goes on as it is until it is ramped or stopped.',
          choice: 'ship' as const,
          variation: at + 1,
        })),
        ...(state === 'stopped'
          ? []
          : [
              {
                name: 'roll-back',
                text: 'Roll back',
                means: 'The experiment stops, and everybody gets the control. It cannot be started again.',
                choice: 'roll back' as const,
                operation: { action: 'stop' as const },
              },
            ]),
        {
          name: 'no-difference',
          text: 'No difference',
          means: 'It is recorded that nothing differs that matters.',
          choice: 'no difference',
        },
        {
          name: 'keep-running',
          text: 'Keep running',
          means: 'It is recorded that the experiment goes on.',
          choice: 'keep running',
        },
      ]

/** Decisions as rows, the latest first; each leads to its record and to the proof that it comes out of the log again. */
export const decisionRows = ({ variations }: Experiment, path: string, decisions: readonly ListedDecision[]): Row[] =>
  decisions.map(({ number, choice, variation, by, automatic, at, headline, note, operation, carriedOut, sha256 }) => {
    const arm = variation === null ? undefined : variations[variation]
    return [
      {
        text: arm === undefined ? choice : `${choice} “${arm.name || arm.key}”`,
        href: `${path}/${number}`,
        title: `SHA-256 ${sha256}`,
      },
      automatic ? `${by} (by itself)` : by,
      fullTime(at),
      headline,
      note,
      operation === null
        ? 'nothing'
        : carriedOut === true
          ? operation.action
          : { text: `${operation.action}, not carried out`, title: 'the experiment was changed in that moment' },
      { text: 'reproduce', href: `${path}/${number}/reproduce` },
    ]
  })

const DONE = { kill: 'Rolled back', pause: 'Paused', ramp: 'Ramped' } as const

/** What is announced, or what was done last and can be undone; '' = nothing. */
export function rolloutSays({
  headline,
  pending,
  taken,
}: Pick<RolloutAnswer, 'headline' | 'pending' | 'taken'>): string {
  if (pending !== null) return headline
  if (taken === null || taken.step.action === 'ramp') return ''
  return `${DONE[taken.step.action]} by itself at ${fullTime(taken.at)} because ${taken.step.because}.`
}
