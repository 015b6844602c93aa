import type { Me } from '../shell/answers.ts'
import { Steps, type Step as OneStep } from '../shell/steps.tsx'
import type { Action, Asked } from './asked.ts'
import type { Experiment } from './types.ts'
import { roleOf } from './view.ts'

type Step = OneStep<Action>

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
  const { may, why } = roleOf(me, experiment, asked.revisions.value[0])
  return (
    <>
      {why !== '' && <p id="role">{why}</p>}
      <Steps
        name={experiment.name}
        steps={stepsOf(experiment).filter(({ action }) => may(action))}
        refusal={asked.refusal}
        act={(action, by) => asked.act(action, by)}
      >
        {experiment.state === 'draft' && may('change') && (
          <a id="edit" class="button" href={`/draft?${new URLSearchParams({ id: experiment.id })}`}>
            Edit
          </a>
        )}
      </Steps>
    </>
  )
}
