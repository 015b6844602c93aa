import { killSuite } from '../faults/kill-suite.ts'

killSuite(5)
