const CRASHES = ['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV'] as const

/**
 * Lets a crash of the engine's own code end this process at once. The engine handles these signals: its handler sleeps
 * for minutes while the other threads go on with memory that can no longer be trusted. A listener that comes and goes
 * leaves the system's default: removing it resets whatever handler was there.
 */
export function endOnCrash(): void {
  const listener = (): void => undefined
  for (const signal of CRASHES) process.on(signal, listener).off(signal, listener)
}
