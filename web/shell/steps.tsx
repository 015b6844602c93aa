import type { ReadonlySignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Failure } from './state.ts'
import { keep, kept, OPERATOR } from './storage.ts'

/** An action that a button offers. */
export interface Step<Action extends string = string> {
  readonly action: Action
  readonly text: string
  /** What happens, a line a sentence: shown before it is done. */
  readonly means: string | readonly string[]
  /** Asked before the dialog; false keeps it closed. */
  readonly check?: () => Promise<boolean>
}

export interface StepsProps<Action extends string> {
  /** What is acted upon. */
  readonly name: string
  readonly steps: readonly Step<Action>[]
  /** Why the latest action was refused; '' if it was not. */
  readonly refusal: ReadonlySignal<string>
  readonly act: (action: Action, by: string) => Promise<void>
  /** Beside the buttons. */
  readonly children?: ComponentChildren
}

/** Actions on something; each is confirmed, with what it does and by whom. */
export function Steps<Action extends string>({ name: what, steps, refusal, act, children }: StepsProps<Action>) {
  const [name, dialog] = [useRef<HTMLInputElement>(null), useRef<HTMLDialogElement>(null)]
  const [said, say] = useState('')
  const [chosen, choose] = useState<Action | undefined>()
  const step = steps.find(({ action }) => action === chosen)
  const prepare = async ({ action, check }: Step<Action>): Promise<void> => {
    const by = name.current?.value.trim() ?? ''
    if (by === '') {
      say('Say who you are first: the trail below names who did what.')
      return name.current?.focus()
    }
    keep(OPERATOR, by)
    say('')
    if (check !== undefined && !(await check())) return
    choose(action)
    dialog.current?.showModal()
  }
  const confirm = (): void => void (step && act(step.action, name.current!.value.trim()))
  return (
    <>
      <div class="head">
        {steps.length > 0 && (
          <label>
            <span>I am</span>
            <input ref={name} id="by" autocomplete="name" maxLength={128} defaultValue={kept(OPERATOR) ?? ''} />
          </label>
        )}
        {children}
        {steps.map((each) => (
          <button key={each.action} type="button" id={`do-${each.action}`} onClick={() => void prepare(each)}>
            {each.text}
          </button>
        ))}
      </div>
      <p class="note" role="status">
        {said || refusal}
      </p>
      <dialog ref={dialog} aria-labelledby="confirm-title">
        <h2 id="confirm-title">
          {step?.text} “{what}”?
        </h2>
        {[step?.means ?? []].flat().map((line) => (
          <p key={line}>{line}</p>
        ))}
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

/** Who acts, as last said in this browser. */
export const operator = (): string => kept(OPERATOR) ?? ''

/** A refusal with all its faults. */
export function refusalOf(
  failure: Failure & { readonly faults?: readonly { readonly at: string; readonly problem: string }[] },
): string {
  const faults = (failure.faults ?? []).map(({ at, problem }) => `${at} ${problem}`)
  return faults.length > 0 ? `${faults.join('; ')}.` : `${failure.title}. ${failure.next}`
}
