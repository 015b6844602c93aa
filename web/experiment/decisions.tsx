import { useRef, useState } from 'preact/hooks'
import { Region, Table } from '../chart/table.tsx'
import { tell } from '../shell/feed.ts'
import { useAnswer } from '../shell/hooks.ts'
import { None, Section, Skeleton } from '../shell/parts.tsx'
import { operator, refusalOf } from '../shell/steps.tsx'
import { speak } from '../shell/voice.ts'
import { onePath, REFRESH_MS } from './asked.ts'
import type { ListedDecision, RolloutAnswer, Experiment } from './types.ts'
import { choicesOf, decisionRows, rolloutSays, type Offer } from './view-decisions.ts'

const NO_NAME = 'Say who you are first, under “Run it”: a decision names who took it.'
/** A decision is computed from the log before it is answered, ms. */
const PATIENCE_MS = 60_000

interface Props {
  readonly experiment: Experiment
}

/** Posts in the operator's name; returns why it was refused, '' if it was not. */
async function post(path: string, body: object, done: string): Promise<string> {
  const by = operator()
  if (by === '') return NO_NAME
  const { failure } = await tell<unknown>(path, { by, ...body }, 'POST', PATIENCE_MS)
  if (failure !== undefined) return refusalOf(failure)
  speak(done)
  return ''
}

/** What is done without a person: what is announced, or was done, with the button that undoes it. */
export function Announced({ experiment }: Props) {
  const path = `${onePath(experiment.id)}/rollout`
  const [tries, again] = useState(0)
  const [refusal, refuse] = useState('')
  const answer = useAnswer<RolloutAnswer>(path, { everyMs: REFRESH_MS, again: tries })
  const undo = async (): Promise<void> => {
    refuse(await post(`${path}/undo`, {}, 'Undone'))
    again(tries + 1)
  }
  const said = answer === undefined ? '' : rolloutSays(answer)
  if (said === '') return null
  return (
    <Section name="announced" wide title="By itself">
      <p role="status">
        {said}{' '}
        <button type="button" id="undo-rollout" onClick={() => void undo()}>
          Undo
        </button>
      </p>
      <p class="note" role="status">
        {refusal}
      </p>
    </Section>
  )
}

/** Decisions on the experiment, and the dialog that takes one. */
export function Decisions({ experiment }: Props) {
  const path = `${onePath(experiment.id)}/decisions`
  const [tries, again] = useState(0)
  const answer = useAnswer<{ readonly decisions: readonly ListedDecision[] }>(path, {
    everyMs: 3 * REFRESH_MS,
    again: tries,
  })
  return (
    <Section name="decisions" wide title="Decisions">
      <Decide experiment={experiment} path={path} decided={() => again(tries + 1)} />
      <Region label="Table: decisions">
        {answer === undefined ? (
          <Skeleton />
        ) : answer.decisions.length === 0 ? (
          <None>Nothing was decided yet.</None>
        ) : (
          <Table
            head={['decision', 'by', 'at', 'was shown', 'note', 'done', 'proof']}
            rows={decisionRows(experiment, path, answer.decisions)}
          />
        )}
      </Region>
    </Section>
  )
}

function Decide({ experiment, path, decided }: Props & { readonly path: string; readonly decided: () => void }) {
  const [dialog, note] = [useRef<HTMLDialogElement>(null), useRef<HTMLTextAreaElement>(null)]
  const [offer, choose] = useState<Offer | undefined>()
  const [said, say] = useState('')
  const confirm = async (): Promise<void> => {
    if (offer === undefined) return
    const { choice, variation, operation } = offer
    say('Computing what is shown, from the log …')
    const body = { choice, variation, operation, note: note.current?.value ?? '', revision: experiment.revision }
    say(await post(path, body, `Decided: ${choice}`))
    decided()
  }
  return (
    <>
      <div class="head">
        {choicesOf(experiment).map((each) => (
          <button
            key={each.name}
            type="button"
            id={`decide-${each.name}`}
            onClick={() => {
              choose(each)
              dialog.current?.showModal()
            }}
          >
            {each.text}
          </button>
        ))}
      </div>
      <p class="note" role="status">
        {said}
      </p>
      <dialog ref={dialog} aria-labelledby="decide-title">
        <h2 id="decide-title">{offer?.text}?</h2>
        <p>{offer?.means} What is shown now is recorded with it, for good.</p>
        <form method="dialog">
          <p>
            <label>
              <span>Why</span> <textarea ref={note} id="decide-note" rows={3} maxLength={5_000} />
            </label>
          </p>
          <button id="decide-confirm" onClick={() => void confirm()}>
            {offer?.text}
          </button>{' '}
          <button>Leave it as it is</button>
        </form>
      </dialog>
    </>
  )
}
