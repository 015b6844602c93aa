import { useRef } from 'preact/hooks'
import { openAddress } from '../shell/address.ts'
import { useMe } from '../shell/hooks.ts'
import { createAsking } from '../shell/asking.ts'
import { Section } from '../shell/parts.tsx'
import { open, Shell } from '../shell/shell.tsx'
import { openForm } from './asked.ts'
import { focusFirstFault, Group, idOf, SelectField, TextField } from './fields.tsx'
import { Metrics } from './metrics.tsx'
import { Prospect } from './outlook.tsx'
import { Variations } from './variations.tsx'
import { headline, nameOf } from './view.ts'

/** The page of a draft: a new experiment, or one that has not started (`?id=`). */
const address = openAddress({ id: '' })
const asking = createAsking()
const form = openForm(address, asking)

const UNITS = [
  ['profile', 'profile: a viewer'],
  ['household', 'household: an account'],
  ['device', 'device'],
  ['session', 'session: a playback'],
  ['oca_hour', 'appliance and hour'],
] as const
const SLICES = [
  ['country', 'country'],
  ['device', 'device'],
  ['asn', 'network'],
  ['app_version', 'app version'],
  ['bitrate_before', 'bitrate before'],
] as const
const PARTS = [
  ['what', 'What it is'],
  ['who', 'Who takes part'],
  ['measure', 'What it is judged by'],
  ['outlook', 'What it could find'],
  ['save', form.id === '' ? 'Create it' : 'Save it'],
] as const

type TextName = 'id' | 'name' | 'hypothesis' | 'owner' | 'tags' | 'condition' | 'coverage' | 'plannedUnits' | 'by'
const bound = (name: TextName, at: string = name) => ({
  form,
  at,
  value: form.fields.value[name],
  take: (value: string) => form.change(at, { [name]: value }),
})

function Page() {
  const filter = useRef<HTMLInputElement>(null)
  const { fields, wrong, isChecked } = form
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (!(await form.save())) requestAnimationFrame(focusFirstFault)
  }
  return (
    <Shell
      section="Experiments"
      address={address}
      standing={asking.shown}
      headline={isChecked.value ? headline(fields.value, [...wrong.value.keys()], form.id === '') : undefined}
      note="Nobody is exposed before the experiment is started. What you type stays in this browser until it is saved."
      filters={[]}
      search={{ label: 'Metrics', element: <Contents />, focus: filter }}
      footer={<a href="/v1/experiments/metrics">Metrics as JSON</a>}
    >
      <form id="draft" class="draft" noValidate onSubmit={(event) => void save(event)}>
        <Summary />
        <What />
        <Who />
        <Section name="measure" wide title="What it is judged by">
          <Metrics form={form} filter={filter} />
          <Slices />
          <TextField
            {...bound('plannedUnits')}
            label="Planned units"
            hint="Of all variations together: intervals are narrowest there. Fixed when it starts."
            numeric
            maxLength={12}
          />
        </Section>
        <Prospect form={form} />
        <Save />
      </form>
    </Shell>
  )
}

/** Links to the parts of the form, in the left column. */
const Contents = () => (
  <ul class="contents">
    {PARTS.map(([name, title]) => (
      <li key={name}>
        <a href={`#${name}-title`}>{title}</a>
      </li>
    ))}
  </ul>
)

/** After a refused try: everything that is wrong, with links to the fields. */
function Summary() {
  const [shown, elsewhere] = [[...form.shown.value], form.elsewhere.value]
  const isShown = form.isTried.value && shown.length + elsewhere.length > 0
  return (
    <div id="summary" role="alert" class="banner" data-state="bad" hidden={!isShown}>
      {isShown && (
        <ul>
          {elsewhere.map((text) => (
            <li key={text}>{text}</li>
          ))}
          {shown.map(([at, text]) => (
            <li key={at}>
              <a href={`#${at === 'metrics' ? 'metric-filter' : at === 'variations' ? 'variations-0-key' : idOf(at)}`}>
                {nameOf(at)}
              </a>
              : {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

const What = () => (
  <Section name="what" wide title="What it is">
    <TextField {...bound('name')} label="Name" hint="As people call it in the list." maxLength={200} />
    <TextField
      {...bound('id')}
      label="Id"
      hint="What your application asks for. It never changes: letters, digits, dots, dashes."
      maxLength={100}
      fixed={form.id !== ''}
    />
    <TextField
      {...bound('hypothesis')}
      label="Hypothesis"
      hint="What you expect to change, for whom, and why."
      lines={3}
      maxLength={5_000}
    />
    <TextField
      {...bound('owner')}
      label="Owner"
      hint="Who answers for it; whoever creates it if empty."
      maxLength={128}
    />
    <TextField {...bound('tags')} label="Tags" hint="To find it again, separated by commas." maxLength={1_000} />
    <Variations form={form} />
  </Section>
)

function Who() {
  const { unit, clock } = form.fields.value
  return (
    <Section name="who" wide title="Who takes part">
      <SelectField
        {...{ form, at: 'unit', label: 'Unit', value: unit, options: UNITS }}
        hint="What gets one variation and keeps it."
        choose={(value) => form.change('unit', { unit: value })}
      />
      <SelectField
        {...{ form, at: 'clock', label: 'Clock', value: clock }}
        hint="Whose events count: your viewers are on “live”."
        options={[...new Set(['live', ...form.clocks.value])].map((name) => [name, name] as const)}
        choose={(value) => form.change('clock', { clock: value })}
      />
      <TextField
        {...bound('condition', 'bucketing.condition')}
        label="Condition"
        hint="GrowthBook’s JSON over attributes; everybody if empty."
        placeholder={'{"country": {"$in": ["DE", "FR"]}}'}
        lines={3}
        maxLength={10_000}
      />
      <TextField
        {...bound('coverage', 'bucketing.coverage')}
        label="Coverage, %"
        hint="The share of those units that takes part at first; it can be raised later, never lowered."
        numeric
        maxLength={20}
      />
    </Section>
  )
}

function Slices() {
  const { slices } = form.fields.value
  return (
    <Group
      form={form}
      at="slices"
      label="Slices"
      hint="Which groups effects are shown for. Chosen before the start, they are judged together."
    >
      <div class="row">
        {SLICES.map(([name, text]) => (
          <label key={name} class="check">
            <input
              type="checkbox"
              checked={slices.includes(name)}
              onChange={({ currentTarget: { checked } }) =>
                form.change('slices', { slices: checked ? [...slices, name] : slices.filter((each) => each !== name) })
              }
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </Group>
  )
}

function Save() {
  const me = useMe()
  const isViewer = me?.scopes.includes('write:experiments') === false
  return (
    <Section name="save" wide title={form.id === '' ? 'Create it' : 'Save it'}>
      {isViewer && <p id="role">Signed in as {me.name}, you may look: this needs the scope write:experiments.</p>}
      <TextField {...bound('by')} label="I am" hint="The trail names who did what." maxLength={128} />
      <div class="head">
        <button type="submit" id="save" disabled={isViewer}>
          {form.id === '' ? 'Create the draft' : 'Save the draft'}
        </button>
        <button type="button" id="discard" disabled={!form.isKept.value} onClick={() => form.discard()}>
          Discard what I typed
        </button>
        {form.undo.value !== undefined && (
          <button type="button" id="undo" onClick={() => form.undo.value?.()}>
            Undo
          </button>
        )}
      </div>
      <p class="note" role="status" id="kept">
        {form.isKept.value ? 'What you typed is kept in this browser.' : ''}
      </p>
    </Section>
  )
}

open(Page)
