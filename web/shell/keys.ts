import { h } from './dom.ts'
import { SECTIONS } from './sections.ts'

/** One key and what it does; `g` takes a second one. */
export interface Key {
  readonly key: string
  readonly does: string
  readonly run?: () => void
}

const FIELDS = new Set(['INPUT', 'SELECT', 'TEXTAREA'])
/** The second key comes within, ms. */
const SECOND_MS = 1_500

/** Listens to keys and builds the dialog that lists them, from the same list. */
export function createKeys(own: readonly Key[]): { readonly dialog: HTMLDialogElement; readonly show: () => void } {
  const dialog = h('dialog', { id: 'help', 'aria-labelledby': 'help-title' })
  const show = (): void => dialog.showModal()
  const sections = SECTIONS.map(({ key, name, path }): Key => ({
    key: `g ${key}`,
    does: `to ${name}`,
    run: () => location.assign(path),
  }))
  const all: readonly Key[] = [
    { key: '?', does: 'these keys', run: show },
    ...own,
    ...sections,
    { key: '← →', does: 'minute by minute along a chart that has the focus; Home and End to its ends' },
    { key: 'Esc', does: 'close; take the cursor away' },
  ]
  dialog.append(
    h('h2', { id: 'help-title' }, 'Keys'),
    h(
      'dl',
      {},
      ...all.flatMap(({ key, does }) => [
        h('dt', {}, ...key.split(' ').map((each) => h('kbd', {}, each))),
        h('dd', {}, does),
      ]),
    ),
    h('form', { method: 'dialog' }, h('button', {}, 'Close')),
  )

  let first = -Infinity
  document.addEventListener('keydown', (event) => {
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      dialog.open ||
      (event.target instanceof Element && FIELDS.has(event.target.tagName))
    )
      return
    const pressed = performance.now() - first < SECOND_MS ? `g ${event.key}` : event.key
    first = event.key === 'g' ? performance.now() : -Infinity
    const found = all.find(({ key, run }) => key === pressed && run !== undefined)
    if (found === undefined) return
    event.preventDefault()
    found.run?.()
  })
  return { dialog, show }
}
