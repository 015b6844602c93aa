import type { Form } from './asked.ts'
import { Group, TextField } from './fields.tsx'
import type { VariationFields } from './form.ts'

const MAX = 20

/** What units get: the first variation is the control. */
export function Variations({ form }: { readonly form: Form }) {
  const { variations } = form.fields.value
  const put = (at: string, next: readonly VariationFields[]): void => form.change(at, { variations: next })
  const type = (row: number, name: keyof VariationFields) => ({
    form,
    at: `variations.${row}.${name}`,
    value: variations[row]![name],
    take: (value: string) =>
      put(
        `variations.${row}.${name}`,
        variations.map((each, at) => (at === row ? { ...each, [name]: value } : each)),
      ),
  })
  return (
    <Group
      form={form}
      at="variations"
      label="Variations"
      hint="What units get. The first is the control; your application reads the value. Equal shares find most."
    >
      {variations.map((_, row) => (
        <div class="row" key={row} role="group" aria-label={row === 0 ? 'Control' : `Variation ${row}`}>
          <TextField {...type(row, 'key')} label={row === 0 ? 'Value of the control' : 'Value'} maxLength={100} />
          <TextField {...type(row, 'name')} label="Name" placeholder={variations[row]!.key} maxLength={200} />
          <TextField {...type(row, 'weight')} label="Share, %" numeric placeholder="equal" maxLength={20} />
          {row > 0 && variations.length > 2 && (
            <button type="button" onClick={() => put('variations', variations.toSpliced(row, 1))}>
              Remove <span class="voice">variation {row}</span>
            </button>
          )}
        </div>
      ))}
      {variations.length < MAX && (
        <button
          type="button"
          id="add-variation"
          onClick={() => put('variations', [...variations, { key: '', name: '', weight: '' }])}
        >
          Add a variation
        </button>
      )}
    </Group>
  )
}
