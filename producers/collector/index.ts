export { producerKey } from './keys.ts'
export { COLLECTOR } from './settings.ts'
