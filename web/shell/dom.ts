/** Elements in short. */
type Attributes = Readonly<Record<string, string | number | boolean>>

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  set(element, attributes)
  element.append(...children)
  return element
}

export function s(tag: string, attributes: Attributes = {}, ...children: readonly (Node | string)[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  set(element, attributes)
  element.append(...children)
  return element
}

function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes))
    if (value !== false) element.setAttribute(name, value === true ? '' : String(value))
}

/** A live region that is set to the same text again would be read again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

/** Options of a list; what is chosen stays chosen, and stays in the list. */
export function fillOptions(
  select: HTMLSelectElement,
  options: readonly (readonly [value: string, text: string])[],
  chosen = select.value,
): void {
  const all = options.some(([value]) => value === chosen) ? options : [...options, [chosen, chosen] as const]
  if (all.map(([value]) => value).join('\n') === [...select.options].map(({ value }) => value).join('\n')) return
  select.replaceChildren(...all.map(([value, text]) => new Option(text, value, false, value === chosen)))
}
