import { errorTable } from '../errors.ts'

export const fail = errorTable({
  REGISTRY_FETCH_FAILED: {
    status: 502,
    message: 'Maven could not fetch the schema registry: {reason}',
    next: "check the network and Maven's settings (proxy, mirror), then run the command again",
  },
  REGISTRY_ARCHIVE_WRONG: {
    status: 500,
    message: 'the archive of the schema registry is not the pinned one: its SHA-256 is {digest}',
    next: 'check which repository or mirror Maven asks; nothing was installed',
  },
  REGISTRY_START_FAILED: {
    status: 500,
    message: 'the local schema registry did not start ({how}): {reason}',
    next: 'its whole output is in {logFile}',
  },
})
