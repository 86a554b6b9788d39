/** Who flies the camera: the world's own flight, a person, or a slow turn around a dropped model. */
import * as THREE from 'three';
import { isTyping } from '../shared/keys';

export type Mode = 'flight' | 'manual' | 'show';

export interface PilotOptions {
  camera: THREE.PerspectiveCamera;
  /** Element whose drags turn the camera. */
  surface: HTMLElement;
  flight(seconds: number, position: THREE.Vector3, target: THREE.Vector3): void;
  /** After so many seconds without input the camera goes back by itself. */
  idleSeconds?: number;
  onMode?(mode: Mode): void;
}

export interface Pilot {
  readonly mode: Mode;
  /** Poses the camera. `seconds` is the world's time, `step` the seconds since the last call. */
  update(seconds: number, step: number): void;
  /** Back to the flight at once (or to the shown model, if there is one). */
  release(): void;
  /** Turns around a point from now on; null ends it. */
  show(subject: { center: THREE.Vector3; distance: number } | null): void;
}

const moves: Record<string, [number, number, number]> = {
  KeyW: [0, 0, -1],
  ArrowUp: [0, 0, -1],
  KeyS: [0, 0, 1],
  ArrowDown: [0, 0, 1],
  KeyA: [-1, 0, 0],
  ArrowLeft: [-1, 0, 0],
  KeyD: [1, 0, 0],
  ArrowRight: [1, 0, 0],
  KeyE: [0, 1, 0],
  KeyQ: [0, -1, 0],
};
const bounds = new THREE.Box3(new THREE.Vector3(-12.5, 0.5, -45), new THREE.Vector3(12.5, 16, 57));

export function createPilot({ camera, surface, flight, idleSeconds = 8, onMode }: PilotOptions): Pilot {
  let mode: Mode = 'flight';
  let subject: { center: THREE.Vector3; distance: number } | null = null;
  let idle = 0;
  let blend = 1; // 0 where a person left the camera, 1 on the automatic path
  let showTime = 0;
  const held = new Set<string>();
  const look = new THREE.Euler(0, 0, 0, 'YXZ');
  const position = new THREE.Vector3();
  const target = new THREE.Vector3();
  const from = { position: new THREE.Vector3(), rotation: new THREE.Quaternion() };
  const aim = new THREE.Matrix4();
  const rotation = new THREE.Quaternion();
  const velocity = new THREE.Vector3();
  const wish = new THREE.Vector3();

  function set(next: Mode): void {
    if (mode === next) return;
    if (next === 'manual') look.setFromQuaternion(camera.quaternion);
    else {
      from.position.copy(camera.position);
      from.rotation.copy(camera.quaternion);
      blend = 0;
    }
    mode = next;
    onMode?.(mode);
  }
  const take = () => {
    idle = 0;
    set('manual');
  };

  surface.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    surface.setPointerCapture(event.pointerId);
  });
  surface.addEventListener('pointermove', (event) => {
    if (!surface.hasPointerCapture(event.pointerId) || (event.movementX === 0 && event.movementY === 0)) return;
    take();
    // A drag across the whole picture turns by a bit more than the field of view.
    const turn = (camera.fov * Math.PI) / 180 / Math.max(1, surface.clientHeight);
    look.y += event.movementX * turn * 1.2;
    look.x = THREE.MathUtils.clamp(look.x + event.movementY * turn * 1.2, -1.4, 1.4);
  });
  window.addEventListener('keydown', (event) => {
    if (!moves[event.code] || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    held.add(event.code);
    take();
    event.preventDefault();
  });
  window.addEventListener('keyup', (event) => held.delete(event.code));
  window.addEventListener('blur', () => held.clear()); // a key let go elsewhere sends nothing

  function fly(step: number): void {
    wish.set(0, 0, 0);
    for (const code of held) wish.add(target.fromArray(moves[code]!));
    if (held.size) idle = 0;
    const up = wish.y;
    wish.y = 0;
    wish.applyEuler(look).setLength(wish.lengthSq() ? 4.5 : 0);
    wish.y += up * 3;
    velocity.lerp(wish, 1 - Math.exp(-8 * step));
    camera.position.addScaledVector(velocity, step).clamp(bounds.min, bounds.max);
    camera.quaternion.setFromEuler(look);
  }

  return {
    get mode() {
      return mode;
    },
    release: () => set(subject ? 'show' : 'flight'),
    show(next) {
      subject = next;
      showTime = 0;
      if (mode !== 'manual' || next) set(next ? 'show' : 'flight');
    },
    update(seconds, step) {
      if (mode === 'manual') {
        fly(step);
        idle += step;
        if (idle > idleSeconds) set(subject ? 'show' : 'flight');
      } else {
        if (mode === 'show' && subject) {
          showTime += step;
          // From the street side, so that houses and lamps stay behind the model.
          const angle = Math.PI + Math.sin(showTime * 0.35) * 0.75;
          position.set(Math.sin(angle), 0.22, Math.cos(angle)).multiplyScalar(subject.distance).add(subject.center);
          target.copy(subject.center);
        } else flight(seconds, position, target);
        rotation.setFromRotationMatrix(aim.lookAt(position, target, camera.up));
        blend = Math.min(1, blend + step / 1.6);
        const eased = blend * blend * (3 - 2 * blend);
        camera.position.lerpVectors(from.position, position, eased);
        camera.quaternion.slerpQuaternions(from.rotation, rotation, eased);
      }
      camera.updateMatrixWorld();
    },
  };
}
