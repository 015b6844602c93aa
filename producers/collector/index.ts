export { COLLECTOR } from './settings.ts'
