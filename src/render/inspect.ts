import inspectFrag from '../shaders/inspect.frag?raw';
import positionLib from '../shaders/lib/position.glsl?raw';
import temporalLib from '../shaders/lib/temporal.glsl?raw';
import { newPass } from '../upscale/stages.ts';
import type { Temporal } from '../upscale/temporal.ts';
import type { Device, Pass, Target, Texture } from './device.ts';

/** What can be seen of the temporal path; see inspect.frag. */
export const VIEWS = ['motion', 'disocclusion', 'age', 'decisions', 'error'] as const;
export type InspectView = (typeof VIEWS)[number];

/** Shows what the temporal path knows and decides in place of the picture that it made. */
export class Inspector {
  private shown: { view: InspectView; network: unknown; pass: Pass } | null = null;

  constructor(readonly device: Device) {}

  /**
   * Draws over the target. Without history, or 'decisions' without a network, it leaves the picture there.
   * @param region the part of the target to draw over, null for all of it
   * @param truth the frame at display size or a multiple of it, rows from the bottom, for 'error'
   */
  draw(
    view: InspectView,
    gathering: Temporal | null,
    target: Target,
    region: Pass['region'],
    truth: Texture | null,
  ): void {
    const frame = gathering?.lastFrame;
    if (!frame || (view === 'error' && !truth)) return;
    const { network } = gathering;
    if (view === 'decisions' && !network) return;
    if (this.shown?.view !== view || this.shown.network !== network) {
      this.dispose();
      const sources = [temporalLib, positionLib, ...(network ? [network.output.glsl] : []), inspectFrag];
      const pass = newPass(this.device.program('inspect', sources, { [view.toUpperCase()]: 1 }));
      this.shown = { view, network, pass };
    }
    const { pass } = this.shown;
    pass.target = target;
    pass.region = region;
    Object.assign(pass.uniforms, {
      ...network?.output.uniforms,
      prepared: gathering.prepared[0]!,
      history: gathering.gathered,
      shown: gathering.shown,
      renderSize: frame.renderSize,
      displaySize: frame.displaySize,
      topLeft: frame.topLeft,
      jitter: frame.jitter,
      offset: [0, 0],
      ...(truth && { truth }),
    });
    this.device.begin();
    this.device.draw(pass);
    this.device.end();
  }

  dispose(): void {
    this.device.free(this.shown?.pass.program);
    this.shown = null;
  }
}
