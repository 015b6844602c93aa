import { signal } from '@preact/signals'

/** What a screen reader reads next, politely: values under a cursor, what an action did. */
export const voice = signal('')

export function speak(text: string): void {
  voice.value = text
}
