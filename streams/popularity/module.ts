import type { Module } from '../../platform/module.ts'
import { audits, domains, migrations } from './index.ts'

export const popularity: Module = {
  name: 'streams/popularity',
  after: ['streams/touched'],
  migrations,
  domains,
  audits: () => audits,
}
