const tagAt = (file: Uint8Array, at: number) => String.fromCharCode(...file.subarray(at, at + 4));

/** The first frame header of a JPEG file (ITU T.81, B.2.2): SOF0 to SOF15 but for DHT, JPG and DAC, which lie between them. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpeg(file: Uint8Array): boolean {
  const word = (at: number) => (file[at]! << 8) | file[at + 1]!;
  // A segment is FF, its marker, its length without these two bytes; the first follows FF D8.
  for (let at = 2; at + 14 < file.length && file[at] === 0xff; at += 2 + word(at + 2)) {
    // Past size and precision: the number of components, then of each its name, its sampling factors and its table.
    if (isFrame(file[at + 1]!)) return file[at + 9]! > 1 && file[at + 11]! > file[at + 14]!;
  }
  return false;
}

function webp(file: Uint8Array): boolean {
  const length = (at: number) => new DataView(file.buffer, file.byteOffset + at + 4).getUint32(0, true);
  for (let at = 12; at + 8 <= file.length; at += 8 + length(at) + (length(at) & 1))
    if (tagAt(file, at) === 'VP8 ') return true;
  return false;
}

/**
 * Whether a picture's file says that its chroma is at half the resolution, for `FrameInput.subsampled`: JPEG by its
 * sampling factors, lossy WebP always. Of other and of broken files false.
 */
export function isSubsampled(file: Uint8Array): boolean {
  if (file[0] === 0xff && file[1] === 0xd8) return jpeg(file);
  return tagAt(file, 0) === 'RIFF' && tagAt(file, 8) === 'WEBP' && webp(file);
}
