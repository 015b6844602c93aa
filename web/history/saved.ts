import { h } from '../shell/dom.ts'
import { readViews, withView, type SavedView } from './views.ts'

const KEY = 'playloop.history.views'

/** Views with their names: opened by their link, renamed, deleted. */
export function createSaved(speak: (text: string) => void): HTMLElement {
  const list = h('ul', { class: 'views', 'aria-label': 'Saved views' })
  const [name, save] = [
    h('input', { id: 'view-name', maxlength: 80, autocomplete: 'off' }),
    h('button', { type: 'button', id: 'view-save' }, 'Save'),
  ]
  const change = (views: readonly SavedView[], words: string): void => {
    try {
      localStorage.setItem(KEY, JSON.stringify(views))
      speak(words)
    } catch {
      speak('This browser keeps nothing: bookmark the address instead')
    }
    draw()
  }
  const draw = (): void => {
    const views = load()
    list.replaceChildren(...views.map((view) => h('li', {}, ...rowOf(view, views, change))))
  }
  const keep = (): void => {
    const text = name.value.trim()
    if (text === '') return name.focus()
    change(withView(load(), { name: text, query: location.search }), `Saved as ${text}`)
    name.value = ''
  }
  save.addEventListener('click', keep)
  name.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    keep()
  })
  addEventListener('storage', draw)
  draw()
  return h(
    'fieldset',
    { class: 'saved' },
    h('legend', {}, 'Saved views'),
    list,
    h('label', {}, h('span', {}, 'Save this view as'), name),
    save,
  )
}

function load(): SavedView[] {
  try {
    return readViews(localStorage.getItem(KEY))
  } catch {
    return []
  }
}

function rowOf(
  view: SavedView,
  views: readonly SavedView[],
  change: (views: readonly SavedView[], words: string) => void,
): HTMLElement[] {
  const [rename, remove] = [
    h('button', { type: 'button', 'aria-label': `Rename ${view.name}` }, 'Rename'),
    h('button', { type: 'button', 'aria-label': `Delete ${view.name}` }, 'Delete'),
  ]
  const link = h('a', { href: `${location.pathname}${view.query}` }, view.name)
  const others = views.filter(({ name }) => name !== view.name)
  remove.addEventListener('click', () => change(others, `Deleted ${view.name}`))
  rename.addEventListener('click', () => {
    const field = h('input', { value: view.name, 'aria-label': `New name of ${view.name}`, maxlength: 80 })
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') change(views, 'Nothing renamed')
      if (event.key !== 'Enter' || field.value.trim() === '') return
      event.preventDefault()
      change(withView(others, { ...view, name: field.value.trim() }), `Renamed to ${field.value.trim()}`)
    })
    link.replaceWith(field)
    field.select()
  })
  return [link, rename, remove]
}
