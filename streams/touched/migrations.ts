export { migrations } from './ddl.ts'
