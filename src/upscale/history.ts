import type { Device, Format, Target, Texture } from '../render/device.ts';
import { type Size, sameSize } from '../render/size.ts';

/** A set of textures drawn in one pass, and the target over them. */
interface Surface {
  readonly size: Size;
  readonly textures: readonly Texture[];
  readonly target: Target;
}

/** One surface is read while the other is written; `swap` after the write makes it the one to read. */
export class History {
  private surfaces: [Surface | null, Surface | null] = [null, null];

  constructor(
    private readonly device: Device,
    private readonly name: string,
  ) {}

  get read(): Surface | null {
    return this.surfaces[0];
  }

  /** The surface to write, made anew where its size or formats are not those asked for. */
  write(size: Size, formats: readonly Format[]): Surface {
    const old = this.surfaces[1];
    if (old && sameSize(old.size, size) && old.textures.every(({ format }, i) => format === formats[i])) return old;
    this.free(old);
    this.surfaces[1] = null;
    const textures = formats.map((format) => this.device.texture(this.name, size, format, { filter: 'linear' }));
    return (this.surfaces[1] = { size, textures, target: this.device.target(this.name, textures) });
  }

  swap(): void {
    this.surfaces.reverse();
  }

  dispose(): void {
    for (const surface of this.surfaces) this.free(surface);
    this.surfaces = [null, null];
  }

  private free(surface: Surface | null): void {
    if (surface) this.device.free(surface.target, ...surface.textures);
  }
}
