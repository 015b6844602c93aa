import { signal } from '@preact/signals'

/** The next text for screen readers (polite): values at a cursor, results of actions. */
export const voice = signal('')

export function speak(text: string): void {
  voice.value = text
}
