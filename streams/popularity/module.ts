import type { Module } from '../../platform/module.ts'
import { audits, domains, migrations } from './index.ts'

export const popularity: Module = { name: 'streams/popularity', migrations, domains, audits: () => audits }
