const utf8 = new TextDecoder();

export interface Field {
  readonly id: number;
  /** Whether the content is length-delimited. */
  readonly packed: boolean;
  /** Varints, and the raw bits of fixed 32-bit fields. */
  readonly int: number;
  readonly float: number;
  /** Length-delimited content; empty for other wire types. */
  readonly message: Message;
}

/** A protobuf message: a span of the file that is read field by field, every step checked against its end. */
export class Message {
  constructor(
    readonly file: string,
    readonly where: string,
    readonly bytes: Uint8Array,
    private position: number,
    private readonly end: number,
  ) {}

  get length(): number {
    return this.end - this.position;
  }

  get text(): string {
    return utf8.decode(this.bytes.subarray(this.position, this.end));
  }

  /** A copy, so that it may be viewed as any element type. */
  get content(): ArrayBuffer {
    const { buffer, byteOffset } = this.bytes;
    return buffer.slice(byteOffset + this.position, byteOffset + this.end) as ArrayBuffer;
  }

  fail(what: string): never {
    throw new Error(`upframe: model '${this.file}': ${what} (byte ${this.position}, in ${this.where})`);
  }

  as(where: string): Message {
    return new Message(this.file, where, this.bytes, this.position, this.end);
  }

  *fields(): Generator<Field> {
    const none = new Message(this.file, this.where, this.bytes, 0, 0);
    while (this.position < this.end) {
      const tag = this.varint();
      const wire = tag & 7;
      const id = Math.floor(tag / 8);
      if (!id) this.fail('not an ONNX file, or a damaged one: a field has number 0');
      if (wire === 0) yield { id, packed: false, int: this.varint(), float: 0, message: none };
      else if (wire === 1 || wire === 5) {
        const at = this.skip(wire === 1 ? 8 : 4);
        const float =
          wire === 5 ? new DataView(this.bytes.buffer, this.bytes.byteOffset + at, 4).getFloat32(0, true) : 0;
        yield { id, packed: false, int: 0, float, message: none };
      } else if (wire === 2) {
        const at = this.skip(this.varint());
        const message = new Message(this.file, this.where, this.bytes, at, this.position);
        yield { id, packed: true, int: 0, float: 0, message };
      } else this.fail(`not an ONNX file, or a damaged one: wire type ${wire}`);
    }
  }

  /** A signed 64-bit varint as a number: exact up to 2^53, which is more than any dimension or attribute needs. */
  varint(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.skip(1)]!;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >> 4;
      } else if (shift < 64) high |= bits << (shift - 32);
      if (byte < 128) return high * 0x100000000 + (low >>> 0);
    }
    return this.fail('a number is longer than 64 bits');
  }

  private skip(size: number): number {
    const at = this.position;
    if (!(size >= 0) || size > this.end - at) {
      this.fail(`truncated or damaged: ${size} bytes wanted, ${this.end - at} left`);
    }
    this.position += size;
    return at;
  }
}

/** Repeated numbers come packed in one field or one by one. */
export function addInts(list: number[], field: Field): void {
  if (!field.packed) list.push(field.int);
  else while (field.message.length) list.push(field.message.varint());
}

export function addFloats(list: number[], field: Field): void {
  const { message } = field;
  if (!field.packed) list.push(field.float);
  else {
    if (message.length % 4) message.fail('a list of floats is cut short');
    for (const value of new Float32Array(message.content)) list.push(value);
  }
}
