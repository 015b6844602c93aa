import { diskSuite } from '../faults/disk-suite.ts'

diskSuite({ tmpfs: 20, ext4: 20, squeezeMs: 8_000 })
