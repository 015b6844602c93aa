/** The JSON text of one request. Well-formed UTF-8; where it is not, only lines that are may be read. */
export class Text {
  readonly bytes: Buffer
  /** The same bytes, to be read four at a time: a loop over single bytes is what reading JSON spends its time in. */
  readonly words: DataView

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }
}
