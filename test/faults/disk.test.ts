import { diskSuite } from './disk-suite.ts'

diskSuite({ tmpfs: 1, ext4: 0, squeezeMs: 4_000 })
