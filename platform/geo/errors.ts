import { errorTable } from '../errors.ts'

export const fail = errorTable({
  GEO_FILE: {
    status: 500,
    message: "'{file}' cannot be read as an MMDB file",
    next: 'mend {variable}: the path of a country or ASN database in the MMDB format, or none',
  },
})
