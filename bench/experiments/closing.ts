export type Closing = () => unknown

/** Ends what was opened, the last first; what fails to end does not keep the others from it. */
export async function closeAll(closing: readonly Closing[]): Promise<void> {
  for (const close of closing.toReversed()) {
    try {
      await close()
    } catch (error) {
      process.stderr.write(`${String(error)}\n`)
    }
  }
}
