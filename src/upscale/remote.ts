import type { Device, Size } from '../render/device.ts';
import type { Model } from './models.ts';
import type { RuntimeNetwork } from './onnxruntime.ts';

/** The network of backend 'onnxruntime' for the present model and size: it takes a while to make, and frames go on meanwhile. */
export class RemoteNetwork {
  private wanted: { model: Model; size: Size } | null = null;
  private network: RuntimeNetwork | null = null;
  private failure: unknown = null;

  constructor(private readonly device: Device) {}

  /**
   * The network, or null while it is being made.
   * @throws what went wrong making it
   */
  get(model: Model, size: Size): RuntimeNetwork | null {
    const { wanted } = this;
    if (wanted?.model !== model || wanted.size[0] !== size[0] || wanted.size[1] !== size[1]) this.make({ model, size });
    if (this.failure) throw this.failure;
    return this.network;
  }

  dispose(): void {
    this.network?.dispose();
    this.network = null;
    this.wanted = null;
    this.failure = null;
  }

  private async make(wanted: { model: Model; size: Size }): Promise<void> {
    this.dispose();
    this.wanted = wanted;
    try {
      const { createRuntimeNetwork } = await import('./onnxruntime.ts');
      const network = await createRuntimeNetwork(this.device, wanted.model.bytes, wanted.model.name, wanted.size);
      if (this.wanted === wanted) this.network = network;
      else network.dispose();
    } catch (error) {
      if (this.wanted === wanted) this.failure = error;
    }
  }
}
