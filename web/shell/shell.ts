import type { Address } from './address.ts'
import { h, setText } from './dom.ts'
import { zone } from './format.ts'
import { createKeys } from './keys.ts'
import { SECTIONS } from './sections.ts'
import { standing, type Shown, type Standing } from './state.ts'
import { isDark, restoreTheme, toggleTheme } from './theme.ts'

/** A choice of the reader; its name is that of the parameter in the address. */
export interface Choice {
  readonly name: string
  readonly label: string
  readonly options: readonly (readonly [value: string, text: string])[]
}

export interface ShellOptions {
  readonly section: string
  readonly address: Address
  /** In the left column. The first has the key `/`. */
  readonly filters: readonly Choice[]
  /** In the bar: time range, refresh. */
  readonly bar: readonly Choice[]
}

export interface Shell {
  readonly main: HTMLElement
  readonly footer: HTMLElement
  select(name: string): HTMLSelectElement
  /** The sentence that answers the page's question, and what to know about it. */
  say(headline: string, note: string): void
  /** Shows how the page stands; says so once when it changes. */
  stand(now: Standing): Shown
  /** Reads a value aloud, politely. */
  speak(text: string): void
}

/** The frame of every page: bar, filters, headline, states, keys. Built once, before any data. */
export function openShell({ section, address, filters, bar }: ShellOptions): Shell {
  restoreTheme()
  document.title = `${section} · playloop`
  const selects = new Map([...filters, ...bar].map((choice) => [choice.name, selectOf(choice, address)]))
  const labelled = ({ name, label }: Choice): HTMLElement => h('label', {}, h('span', {}, label), selects.get(name)!)
  const status = h('span', { id: 'connection', class: 'status', 'data-state': 'unknown' }, 'loading')
  const headline = h('h1', { id: 'headline', class: 'skeleton' }, 'Loading')
  const note = h('p', { id: 'note', class: 'note' })
  const [why, aged] = [h('span', { role: 'status' }), h('span')]
  const banner = h('p', { id: 'banner', class: 'banner', hidden: true }, why, ' ', aged)
  const voice = h('p', { id: 'cursor-voice', class: 'voice', 'aria-live': 'polite' })
  const keys = createKeys([
    { key: '/', does: `to the filter “${filters[0]?.label ?? ''}”`, run: () => selects.get(filters[0]?.name ?? '')?.focus() },
    { key: 't', does: 'light or dark', run: () => theme() },
  ])
  const help = h('button', { type: 'button', id: 'help-open', 'aria-keyshortcuts': '?' }, 'Keys')
  const dark = h('button', { type: 'button', id: 'theme', 'aria-pressed': String(isDark()), 'aria-keyshortcuts': 't' }, 'Dark')
  const theme = (): void => {
    toggleTheme()
    dark.setAttribute('aria-pressed', String(isDark()))
  }
  help.addEventListener('click', keys.show)
  dark.addEventListener('click', theme)

  const main = h('main', { id: 'main', tabindex: -1, 'aria-busy': 'true' }, headline, note, banner, voice)
  const footer = h('footer', { class: 'note' })
  document.body.append(
    h('a', { class: 'skip', href: '#main' }, 'Skip to the figures'),
    h('header', { class: 'bar' }, h('span', { class: 'product' }, 'playloop'), tabs(section), status, h('span', { class: 'spring' }), ...bar.map(labelled), help, dark),
    h('div', { class: 'frame' }, h('form', { class: 'filters', 'aria-label': 'Filters' }, ...filters.map(labelled), h('p', { class: 'note' }, `Times in ${zone()}`)), main),
    footer, keys.dialog,
  )
  return {
    main, footer,
    select: (name) => selects.get(name)!,
    speak: (text) => setText(voice, text),
    say(sentence, more) {
      headline.classList.remove('skeleton')
      setText(headline, sentence)
      setText(note, more)
    },
    stand(now) {
      const shown = standing(now)
      status.dataset['state'] = shown.sign
      setText(status, shown.word)
      document.body.dataset['state'] = shown.state
      main.setAttribute('aria-busy', String(shown.state === 'loading'))
      banner.dataset['state'] = shown.sign
      banner.hidden = shown.banner === ''
      setText(why, shown.banner)
      setText(aged, shown.banner === '' ? '' : shown.aged)
      if (shown.banner !== '' && headline.classList.contains('skeleton')) this.say('No figures yet', '')
      return shown
    },
  }
}

const tabs = (section: string): HTMLElement => h('nav', { 'aria-label': 'Sections' },
  ...SECTIONS.map(({ name, path, key }) => h('a', { href: path, class: 'tab', 'aria-keyshortcuts': `g ${key}`, ...(name === section && { 'aria-current': 'page' }) }, name)))

function selectOf({ name, options }: Choice, address: Address): HTMLSelectElement {
  const chosen = address.get(name)
  const known = options.some(([value]) => value === chosen) ? options : [...options, [chosen, chosen] as const]
  const select = h('select', { id: name, name }, ...known.map(([value, text]) => new Option(text, value, false, value === chosen)))
  select.addEventListener('change', () => address.set(name, select.value))
  return select
}
