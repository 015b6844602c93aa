import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fail } from '../errors.ts'

const MIN_JAVA = 17

export interface Java {
  readonly command: string
  /** Vendor, version and build, as Java reports them. */
  readonly description: string
}

/**
 * Finds the Java that runs the broker: from JAVA_HOME, otherwise from the path. Throws KAFKA_JAVA_MISSING or
 * KAFKA_JAVA_OLD.
 */
export function findJava(home = process.env['JAVA_HOME']): Java {
  const java = home === undefined || home === '' ? 'java' : path.join(home, 'bin', 'java')
  const run = spawnSync(java, ['-version'], { encoding: 'utf8' })
  if (run.error !== undefined) throw fail('KAFKA_JAVA_MISSING', { java }, run.error)
  const version = javaVersion(run.stderr)
  if (version < MIN_JAVA) throw fail('KAFKA_JAVA_OLD', { java, version })
  return { command: java, description: run.stderr }
}

/** Major version from the output of `java -version`; "1.8.0_402" is 8; 0 if there is none. */
export function javaVersion(text: string): number {
  const [, first = '0', second = '0'] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? []
  return Number(first === '1' ? second : first)
}

/** Finds Maven's command. Throws KAFKA_MAVEN_MISSING. */
export function findMaven(command = process.platform === 'win32' ? 'mvn.cmd' : 'mvn'): string {
  const run = spawnSync(command, ['-v'], { encoding: 'utf8' })
  if (run.error !== undefined) throw fail('KAFKA_MAVEN_MISSING', {}, run.error)
  return command
}
