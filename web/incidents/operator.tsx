import { useEffect, useRef, useState } from 'preact/hooks'
import { Select } from '../shell/choice.tsx'
import { keep, kept, OPERATOR } from '../shell/storage.ts'
import type { Action } from './asked.ts'
import type { IncidentDetail } from './types.ts'

const HOUR_MS = 3_600_000
const MUTES = [
  ['1', '1 hour'],
  ['4', '4 hours'],
  ['24', '1 day'],
  ['168', '7 days'],
] as const

export interface OperatorProps {
  readonly act: (action: Action, by: string, forMs: number) => void
  /** Set to the function that a key calls: the same as its button. */
  readonly press: { current: (action: Action) => void }
}

/** Who handles an incident, and the controls for operators' actions. */
export function Operator({ incident, act, press }: OperatorProps & { readonly incident: IncidentDetail | undefined }) {
  const name = useRef<HTMLInputElement>(null)
  const [hours, setHours] = useState<string>(MUTES[0][0])
  const [said, say] = useState('')
  useEffect(() => say(''), [incident?.id])
  const run = (action: Action): void => {
    const by = name.current?.value.trim() ?? ''
    if (by === '') {
      say('Say who you are first: others see by whom an incident is looked after.')
      return name.current?.focus()
    }
    keep(OPERATOR, by)
    say('')
    act(action, by, Number(hours) * HOUR_MS)
  }
  press.current = run
  const isOver = incident === undefined || incident.state === 'ended'
  const button = (action: Action, text: string, disabled: boolean) => (
    <button type="button" id={action} aria-keyshortcuts={action[0]} disabled={disabled} onClick={() => run(action)}>
      {text}
    </button>
  )
  return (
    <>
      <div class="head" hidden={isOver}>
        <label>
          <span>I am</span>
          <input ref={name} id="by" autocomplete="name" maxLength={128} defaultValue={kept(OPERATOR) ?? ''} />
        </label>
        {button('acknowledge', 'Acknowledge', isOver || incident.acknowledged !== null)}
        <label>
          <span>for</span>
          <Select id="for" options={MUTES} value={hours} choose={setHours} />
        </label>
        {button('mute', 'Mute', isOver)}
        {button('unmute', 'Unmute', isOver || incident.state !== 'muted')}
      </div>
      <p class="note" role="status">
        {said}
      </p>
    </>
  )
}
