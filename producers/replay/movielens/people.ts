import { fail } from '../errors.ts'
import { readLines } from '../files.ts'

/** A user's data as event attributes. */
export type Attributes = Readonly<Record<string, string>>

/** Codes of users.dat. Source: the README of MovieLens 1M (GroupLens). */
const AGES: Readonly<Record<string, string>> = {
  1: 'under 18',
  18: '18-24',
  25: '25-34',
  35: '35-44',
  45: '45-49',
  50: '50-55',
  56: '56+',
}
const OCCUPATIONS = [
  'other',
  'academic/educator',
  'artist',
  'clerical/admin',
  'college/grad student',
  'customer service',
  'doctor/health care',
  'executive/managerial',
  'farmer',
  'homemaker',
  'K-12 student',
  'lawyer',
  'programmer',
  'retired',
  'sales/marketing',
  'scientist',
  'self-employed',
  'technician/engineer',
  'tradesman/craftsman',
  'unemployed',
  'writer',
]

const FORM = 'user::F|M::age::occupation::zip'

/** Attributes by user number, from users.dat. */
export async function readUsers(path: string): Promise<Map<string, Attributes>> {
  const users = new Map<string, Attributes>()
  const lines = await readLines(path, 'latin1')
  for (const [i, text] of lines.entries()) {
    const [user, sex, age, occupation] = text.split('::')
    const [ageName, work] = [AGES[age ?? ''], OCCUPATIONS[Number(occupation)]]
    if (
      user === undefined ||
      !/^\d+$/.test(user) ||
      (sex !== 'F' && sex !== 'M') ||
      ageName === undefined ||
      work === undefined
    ) {
      throw fail('REPLAY_LINE_ODD', { path, line: i + 1, form: FORM, text: text.slice(0, 100) })
    }
    users.set(user, { sex, age: ageName, occupation: work })
  }
  return users
}
