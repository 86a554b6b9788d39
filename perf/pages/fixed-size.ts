/**
 * An ONNX file with its open input and output dimensions written in: onnxruntime's webgl backend takes no others.
 * Only the messages on the way to the dimensions are rewritten; everything else is copied.
 */
export function fixSize(file: Uint8Array, input: readonly number[], output: readonly number[]): Uint8Array {
  type Edit = (field: number, content: Uint8Array) => Uint8Array | null;

  const varint = (value: number): number[] => {
    const out: number[] = [];
    for (let rest = value; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) return [...out, rest];
      out.push((rest % 128) | 128);
    }
  };
  const rewrite = (bytes: Uint8Array, edit: Edit): Uint8Array => {
    const parts: Uint8Array[] = [];
    let at = 0;
    const read = (): number => {
      for (let value = 0, scale = 1; ; scale *= 128) {
        const byte = bytes[at++]!;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const begin = at;
      const tag = read();
      const wire = tag & 7;
      if (wire === 0) read();
      else if (wire !== 2) at += wire === 1 ? 8 : 4;
      else {
        const length = read();
        const content = bytes.subarray(at, at + length);
        at += length;
        const edited = edit(tag >> 3, content);
        if (edited) {
          parts.push(Uint8Array.from([...varint(tag), ...varint(edited.length)]), edited);
          continue;
        }
      }
      parts.push(bytes.subarray(begin, at));
    }
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let to = 0;
    for (const part of parts) {
      joined.set(part, to);
      to += part.length;
    }
    return joined;
  };
  /** ValueInfo.type.tensor_type.shape, its dimensions replaced by numbers. */
  const withDims = (port: Uint8Array, dims: readonly number[]): Uint8Array => {
    const shape = Uint8Array.from(dims.flatMap((dim) => [10, 1 + varint(dim).length, 8, ...varint(dim)]));
    return rewrite(port, (type, content) =>
      type !== 2
        ? null
        : rewrite(content, (kind, tensor) =>
            kind !== 1 ? null : rewrite(tensor, (part) => (part === 2 ? shape : null)),
          ),
    );
  };
  return rewrite(file, (field, graph) =>
    field !== 7
      ? null
      : rewrite(graph, (part, port) =>
          part === 11 ? withDims(port, input) : part === 12 ? withDims(port, output) : null,
        ),
  );
}
