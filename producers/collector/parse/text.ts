/**
 * The bytes of one request. For JSON they are well-formed UTF-8; if the body is not, only its well-formed lines may be
 * read.
 */
export class Text {
  readonly bytes: Buffer
  /** The same bytes, for reading four at a time: loops over single bytes dominate the reading time. */
  readonly words: DataView

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }
}
