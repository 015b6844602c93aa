import { useRef, useState } from 'preact/hooks'
import type { Me } from '../shell/answers.ts'
import { keep, kept, OPERATOR } from '../shell/storage.ts'
import type { Action, Asked } from './asked.ts'
import type { Experiment } from './types.ts'
import { roleOf } from './view.ts'

interface Step {
  readonly action: Action
  readonly text: string
  /** What happens, in a sentence: shown before it is done. */
  readonly means: string
}

const KILL: Step = {
  action: 'kill',
  text: 'Kill',
  means: 'Everybody gets the control at once, whatever the state. It can be undone.',
}
const UNKILL: Step = {
  action: 'unkill',
  text: 'Undo the kill',
  means: 'Units get their arms again, as the state says.',
}
const STOP: Step = {
  action: 'stop',
  text: 'Stop',
  means: 'Everybody gets the control, and nobody is exposed any more. An experiment cannot be started again.',
}
const STEPS: Readonly<Record<Experiment['state'], readonly Step[]>> = {
  draft: [
    {
      action: 'start',
      text: 'Start',
      means: 'Units are exposed from now on. Metrics, planned units and caps are fixed for good.',
    },
    { action: 'archive', text: 'Archive', means: 'The draft leaves the list.' },
  ],
  running: [
    { action: 'pause', text: 'Pause', means: 'Everybody gets the control meanwhile, and nobody is exposed.' },
    STOP,
  ],
  paused: [{ action: 'resume', text: 'Resume', means: 'Units get their arms again.' }, STOP],
  stopped: [{ action: 'archive', text: 'Archive', means: 'Outcomes are kept as they stand, and counted no further.' }],
  archived: [],
}
const stepsOf = ({ state, killed }: Experiment): readonly Step[] =>
  state === 'draft' || state === 'archived' ? STEPS[state] : [...STEPS[state], killed ? UNKILL : KILL]

interface OperateProps {
  readonly experiment: Experiment
  readonly asked: Asked
  readonly me: Me
}

/** Actions on an experiment; each is confirmed, with what it does. */
export function Operate({ experiment, asked, me }: OperateProps) {
  const [name, dialog] = [useRef<HTMLInputElement>(null), useRef<HTMLDialogElement>(null)]
  const [said, say] = useState('')
  const { may, why } = roleOf(me, experiment, asked.revisions.value[0])
  const steps = stepsOf(experiment).filter(({ action }) => may(action))
  const [step, choose] = useState<Step | undefined>()
  const prepare = (next: Step): void => {
    const by = name.current?.value.trim() ?? ''
    if (by === '') {
      say('Say who you are first: the trail below names who did what.')
      return name.current?.focus()
    }
    keep(OPERATOR, by)
    say('')
    choose(next)
    dialog.current?.showModal()
  }
  const confirm = (): void => void (step && asked.act(step.action, name.current!.value.trim()))
  return (
    <>
      {why !== '' && <p id="role">{why}</p>}
      <div class="head">
        {steps.length > 0 && (
          <label>
            <span>I am</span>
            <input ref={name} id="by" autocomplete="name" maxLength={128} defaultValue={kept(OPERATOR) ?? ''} />
          </label>
        )}
        {experiment.state === 'draft' && may('change') && (
          <a id="edit" class="button" href={`/draft?${new URLSearchParams({ id: experiment.id })}`}>
            Edit
          </a>
        )}
        {steps.map((each) => (
          <button key={each.action} type="button" id={`do-${each.action}`} onClick={() => prepare(each)}>
            {each.text}
          </button>
        ))}
      </div>
      <p class="note" role="status">
        {said || asked.refusal}
      </p>
      <dialog ref={dialog} aria-labelledby="confirm-title">
        <h2 id="confirm-title">
          {step?.text} “{experiment.name}”?
        </h2>
        <p>{step?.means}</p>
        <form method="dialog">
          <button id="confirm" onClick={confirm}>
            {step?.text}
          </button>{' '}
          <button>Leave it as it is</button>
        </form>
      </dialog>
    </>
  )
}
