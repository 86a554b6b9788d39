/** Records the upscaled stream to a file: what captureStream() gives can also go into a peer connection. */

const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm', 'video/mp4'];

export interface Recorder {
  readonly recording: boolean;
  /** `onBytes` hears how much has been recorded. */
  start(stream: MediaStream, onBytes: (bytes: number) => void): void;
  /** Resolves with the clip. */
  stop(): Promise<Blob>;
}

export function createRecorder(): Recorder {
  let recorder: MediaRecorder | null = null;
  const parts: Blob[] = [];
  return {
    get recording() {
      return recorder !== null;
    },
    start(stream, onBytes) {
      if (typeof MediaRecorder === 'undefined') throw new Error('This browser cannot record.');
      const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
      parts.length = 0;
      recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 12_000_000 });
      recorder.ondataavailable = ({ data }) => {
        parts.push(data);
        onBytes(parts.reduce((sum, { size }) => sum + size, 0));
      };
      recorder.start(500);
    },
    stop() {
      const ending = recorder!;
      recorder = null;
      return new Promise((resolve) => {
        ending.onstop = () => {
          for (const track of ending.stream.getTracks()) track.stop();
          resolve(new Blob(parts, { type: ending.mimeType.split(';')[0]! }));
        };
        ending.stop();
      });
    },
  };
}
