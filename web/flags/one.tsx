import { useRef } from 'preact/hooks'
import { Region, Table } from '../chart/table.tsx'
import type { Address } from '../shell/address.ts'
import { Section } from '../shell/parts.tsx'
import { Steps, type Step } from '../shell/steps.tsx'
import type { Action, Asked } from './asked.ts'
import type { Flag } from './types.ts'
import { changes, editable, RULE_HEAD, ruleRows, TRAIL_HEAD, trailRows, triedWords } from './view.ts'

interface OneProps {
  readonly address: Address
  readonly asked: Asked
  readonly flag: Flag
}

/** One flag: its rules, a unit to try them on, its changes and who made them. */
export const OneFlag = ({ address, asked, flag }: OneProps) => (
  <>
    <Section name="rules" wide title="Who gets what: the first rule that decides">
      <Region label="Rules">
        <Table class="words" head={RULE_HEAD} rows={ruleRows(flag, Date.now(), asked.evaluation.value)} />
      </Region>
    </Section>
    <TryIt address={address} asked={asked} />
    {flag.state === 'active' && <Change asked={asked} flag={flag} />}
    <Section name="trail" wide title="Who did what">
      <Region label="Audit trail">
        <Table class="words" head={TRAIL_HEAD} rows={trailRows(asked.revisions.value)} />
      </Region>
    </Section>
  </>
)

function TryIt({ address, asked }: Pick<OneProps, 'address' | 'asked'>) {
  const field = useRef<HTMLInputElement>(null)
  const submit = (event: Event): void => {
    event.preventDefault()
    address.go({ attributes: field.current!.value.trim() })
  }
  const [evaluation, fault] = [asked.evaluation.value, asked.attributesFault.value]
  return (
    <Section name="try" wide title="Try it on a unit">
      <form class="head" onSubmit={submit}>
        <label class="grow">
          <span>Attributes</span>
          <input
            ref={field}
            id="attributes"
            defaultValue={address.get('attributes') || '{"id": "profile-1", "country": "DE"}'}
            maxLength={10_000}
            aria-describedby="tried"
          />
        </label>
        <button id="try">Try</button>
      </form>
      <p id="tried" role="status">
        {fault || (evaluation && triedWords(evaluation))}
      </p>
    </Section>
  )
}

const KILL: Step<Action> = {
  action: 'kill',
  text: 'Kill',
  means: 'Everybody gets the default value at once, whatever the rules say. It can be undone.',
}
const UNKILL: Step<Action> = { action: 'unkill', text: 'Undo the kill', means: 'The rules decide again.' }
const ARCHIVE: Step<Action> = {
  action: 'archive',
  text: 'Archive',
  means: 'Applications are told of it no more, and get the default that stands in their code. It cannot be undone.',
}

/** The definition as a text, checked before the change is confirmed. */
function Change({ asked, flag }: Pick<OneProps, 'asked' | 'flag'>) {
  const field = useRef<HTMLTextAreaElement>(null)
  const draft = asked.draft.value
  const change: Step<Action> = {
    action: 'change',
    text: 'Change',
    means: draft === undefined ? '' : changes(flag, draft),
    check: () => asked.check(field.current!.value),
  }
  return (
    <Section name="change" wide title="Change it">
      <label class="stack">
        <span>Value and rules, as JSON; what is wrong is told at its field</span>
        <textarea
          key={flag.revision}
          ref={field}
          id="definition"
          rows={12}
          spellcheck={false}
          defaultValue={editable(flag)}
        />
      </label>
      <Steps
        name={flag.id}
        steps={[change, flag.killed ? UNKILL : KILL, ARCHIVE]}
        refusal={asked.refusal}
        act={(action, by) => asked.act(action, by)}
      />
    </Section>
  )
}
