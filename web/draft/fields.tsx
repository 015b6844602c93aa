import type { ComponentChildren } from 'preact'
import { Select, type Option } from '../shell/choice.tsx'
import type { Form } from './asked.ts'

/** The id of a field's control, from its path as the API names it. */
export const idOf = (at: string): string => at.replaceAll(/[^\w-]/g, '-')

export interface FieldProps {
  readonly form: Form
  /** Path of the field as the API names it: its faults are shown here. */
  readonly at: string
  readonly label: string
  /** What the field is for, in a short line. */
  readonly hint?: string
}

/** Attributes of a control that tie it to its label, hint and fault. */
export const tied = ({ shown }: Form, at: string) => ({
  id: idOf(at),
  'aria-describedby': `${idOf(at)}-hint ${idOf(at)}-fault`,
  'aria-invalid': shown.value.has(at) ? ('true' as const) : undefined,
})

/** The lines below a control: what it is for, and what is wrong with it. */
export const Lines = ({ form, at, hint }: Pick<FieldProps, 'form' | 'at' | 'hint'>) => (
  <>
    <span id={`${idOf(at)}-hint`} class="hint">
      {hint}
    </span>
    <span id={`${idOf(at)}-fault`} class="fault">
      {form.shown.value.get(at)}
    </span>
  </>
)

function Field({ form, at, label, hint, children }: FieldProps & { readonly children: ComponentChildren }) {
  return (
    <div class="field" data-wrong={form.shown.value.has(at) ? '' : undefined}>
      <label for={idOf(at)}>{label}</label>
      {children}
      <Lines form={form} at={at} {...(hint !== undefined && { hint })} />
    </div>
  )
}

interface TextProps extends FieldProps {
  readonly value: string
  readonly take: (value: string) => void
  readonly lines?: number
  readonly maxLength?: number
  readonly placeholder?: string
  readonly numeric?: boolean
  readonly fixed?: boolean
}

export function TextField({ value, take, lines, maxLength, placeholder, numeric, fixed, ...field }: TextProps) {
  const common = {
    ...tied(field.form, field.at),
    value,
    maxLength,
    placeholder,
    autocomplete: 'off',
    spellcheck: false,
    onInput: (event: Event) => take((event.currentTarget as HTMLInputElement).value),
  }
  return (
    <Field {...field}>
      {lines === undefined ? (
        <input {...common} inputMode={numeric === true ? 'decimal' : undefined} readOnly={fixed} />
      ) : (
        <textarea {...common} rows={lines} />
      )}
    </Field>
  )
}

interface SelectFieldProps extends FieldProps {
  readonly value: string
  readonly options: readonly Option[]
  readonly choose: (value: string) => void
}

export const SelectField = ({ value, options, choose, ...field }: SelectFieldProps) => (
  <Field {...field}>
    <Select {...tied(field.form, field.at)} options={options} value={value} choose={choose} />
  </Field>
)

/** Several controls under one question. */
export const Group = ({ form, at, label, hint, children }: FieldProps & { readonly children: ComponentChildren }) => (
  <fieldset
    class="field"
    data-wrong={form.shown.value.has(at) ? '' : undefined}
    aria-describedby={`${idOf(at)}-hint ${idOf(at)}-fault`}
  >
    <legend>{label}</legend>
    <Lines form={form} at={at} {...(hint !== undefined && { hint })} />
    {children}
  </fieldset>
)

/** Puts the focus on the first control that is wrong. */
export function focusFirstFault(): void {
  document.querySelector<HTMLElement>('[data-wrong] :is(input, select, textarea, button)')?.focus()
}
