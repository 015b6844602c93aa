/** The bytes of one request. As JSON they are well-formed UTF-8; where not, only lines that are may be read. */
export class Text {
  readonly bytes: Buffer
  /** The same bytes, to be read four at a time: loops over single bytes are what reading spends its time in. */
  readonly words: DataView

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }
}
