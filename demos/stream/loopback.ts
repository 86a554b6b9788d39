/** A real peer connection from this page to itself: encoder, packets, jitter buffer and decoder as on a line to anywhere. */
import { createVideo, type Facts, firstPicture, type Source } from './source';

export interface Line {
  /** 'video/VP9' and so on. */
  codec: string;
  /** The most the sender may use, kilobits a second. */
  kbps: number;
}

/** Half seconds to wait for a connection; on one machine it takes well under one. */
const PATIENCE = 24;

const NAMES: Record<string, string> = {
  'video/VP8': 'VP8',
  'video/VP9': 'VP9',
  'video/H264': 'H.264',
  'video/AV1': 'AV1',
};

export const codecName = (mime: string) => NAMES[mime] ?? mime.replace('video/', '');

/** Codecs this browser can both send and receive, by MIME type. */
export function supportedCodecs(): string[] {
  const list = (side: typeof RTCRtpSender | typeof RTCRtpReceiver) =>
    new Set(side.getCapabilities?.('video')?.codecs.map(({ mimeType }) => mimeType));
  if (typeof RTCRtpSender === 'undefined') return [];
  const receive = list(RTCRtpReceiver);
  const send = list(RTCRtpSender);
  return Object.keys(NAMES).filter((mime) => send.has(mime) && receive.has(mime));
}

export interface Loopback extends Source {
  setBitrate(kbps: number): Promise<void>;
}

/** Connects, sends the track, and resolves when the other end shows its first picture. */
export async function openLoopback(track: MediaStreamTrack, line: Line, signal: AbortSignal): Promise<Loopback> {
  const sender = new RTCPeerConnection();
  const receiver = new RTCPeerConnection();
  const video = createVideo();
  const dispose = () => {
    sender.close();
    receiver.close();
    video.srcObject = null;
  };
  try {
    const failed = new Promise<never>((_, reject) => {
      for (const end of [sender, receiver]) {
        end.addEventListener('connectionstatechange', () => {
          if (end.connectionState === 'failed') reject(new Error('The peer connection failed: no route to this page.'));
        });
      }
    });
    failed.catch(() => undefined);
    // Without any network a connection does not even fail. Ticks are counted and not time: a page that is busy is not one without a route.
    const alone = new Promise<never>((_, reject) => {
      let ticks = 0;
      const timer = setInterval(() => {
        if (sender.connectionState === 'connected' || sender.connectionState === 'closed') clearInterval(timer);
        else if (++ticks === PATIENCE) reject(new Error('No route from this page to itself.'));
      }, 500);
    });
    alone.catch(() => undefined);
    sender.onicecandidate = ({ candidate }) => void receiver.addIceCandidate(candidate ?? undefined).catch(() => {});
    receiver.onicecandidate = ({ candidate }) => void sender.addIceCandidate(candidate ?? undefined).catch(() => {});
    receiver.ontrack = (event) => {
      video.srcObject = new MediaStream([event.track]);
      video.play().catch(() => undefined);
    };
    const transceiver = sender.addTransceiver(track, { direction: 'sendonly' });
    prefer(transceiver, line.codec);
    await sender.setLocalDescription();
    await receiver.setRemoteDescription(sender.localDescription!);
    await receiver.setLocalDescription();
    await sender.setRemoteDescription(receiver.localDescription!);
    await setBitrate(transceiver.sender, line.kbps);
    await Promise.race([firstPicture(video, 'The peer connection delivers no picture.', signal), failed, alone]);
    return {
      kind: 'loopback',
      title: 'Peer connection',
      video,
      facts: factsOf(receiver),
      setBitrate: (kbps) => setBitrate(transceiver.sender, kbps),
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The track as it is, for machines on which no peer connection comes about. */
export async function openDirect(track: MediaStreamTrack): Promise<Source> {
  const video = createVideo();
  video.srcObject = new MediaStream([track]);
  video.play().catch(() => undefined);
  await firstPicture(video, 'The game gives no picture.');
  return {
    kind: 'loopback',
    title: 'Game',
    video,
    facts: async () => ({ codec: 'not encoded' }),
    dispose() {
      video.srcObject = null;
    },
  };
}

/** Only the wanted codec is offered, so the browser cannot quietly take another. */
function prefer(transceiver: RTCRtpTransceiver, mime: string): void {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  const wanted = codecs.filter(({ mimeType }) => mimeType === mime);
  if (!wanted.length) throw new Error(`This browser does not send ${codecName(mime)}.`);
  transceiver.setCodecPreferences(wanted);
}

async function setBitrate(sender: RTCRtpSender, kbps: number): Promise<void> {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) encoding.maxBitrate = kbps * 1000;
  // The picture must stay the size that is sent; frames may be dropped instead.
  parameters.degradationPreference = 'maintain-resolution';
  await sender.setParameters(parameters);
}

/** Bitrate, frame rate and codec as the receiving end counts them. */
function factsOf(receiver: RTCPeerConnection): () => Promise<Facts> {
  let [bytes, at] = [0, 0];
  return async () => {
    const report = await receiver.getStats();
    const facts: Facts = {};
    for (const entry of report.values()) {
      if (entry.type !== 'inbound-rtp' || entry.kind !== 'video') continue;
      if (at && entry.timestamp > at) facts.kbps = ((entry.bytesReceived - bytes) * 8) / (entry.timestamp - at);
      [bytes, at] = [entry.bytesReceived, entry.timestamp];
      facts.fps = entry.framesPerSecond;
      const codec = report.get(entry.codecId) as { mimeType: string } | undefined;
      if (codec) facts.codec = codecName(codec.mimeType);
    }
    return facts;
  };
}
