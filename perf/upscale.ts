import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { main, type Progress, progress, readArgs, readGl, readPath, readRatio } from './cli.ts';
import { pictureNames, readMethods } from './methods.ts';
import type { ClipJob } from './pages/upscale-clip.ts';
import type { PictureJob } from './pages/upscale-picture.ts';
import { fileUrl } from './paths.ts';
import { openSession } from './session.ts';

const HELP = `npm run upscale -- IN OUT [options]

  A picture (.png .jpg .jpeg .webp .bmp .gif .avif) to .png, .jpg or .webp; a clip to .webm, .mp4, .mkv or .mov.

  --ratio R      display size over source size, 1 to 3 (default 2)
  --model M      a built-in name or the path of an .onnx file (default image-m)
  --method M     nearest, bilinear, bicubic, lanczos or fsr1 in place of a network
  --sharpness S  0 to 1 (default 0)
  --gl G         auto, llvmpipe, swiftshader, none: what draws (default auto)`;

const OPTIONS = {
  ratio: { type: 'string' },
  model: { type: 'string' },
  method: { type: 'string' },
  sharpness: { type: 'string' },
  gl: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const PICTURES_IN = ['png', 'jpg', 'jpeg', 'webp', 'bmp', 'gif', 'avif'];
const PICTURES_OUT: Record<string, PictureJob['type']> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};
const CLIPS_OUT = ['webm', 'mp4', 'mkv', 'mov'];

const extension = (path: string) => extname(path).slice(1).toLowerCase();

export async function upscale(argv: string[]): Promise<void> {
  const { values, positionals } = readArgs(OPTIONS, argv);
  if (values.help) {
    console.log(HELP);
    return;
  }
  const [from, to, ...rest] = positionals;
  if (rest.length > 0) throw new Error(`upframe: one file in, one out; what is '${rest.join(' ')}'?`);
  const input = readPath('file', from, 'the file to upscale');
  if (!to) throw new Error(`upframe: where to? Give the output file as well\n\n${HELP}`);
  const output = resolve(to);
  if (output === input) throw new Error(`upframe: output and input are the same file: ${output}`);
  const isPicture = PICTURES_IN.includes(extension(input));
  const allowed = isPicture ? Object.keys(PICTURES_OUT) : CLIPS_OUT;
  if (!allowed.includes(extension(output))) {
    throw new Error(
      `upframe: ${basename(output)} has to end in one of .${allowed.join(', .')}, as the input is a ${isPicture ? 'picture' : 'clip'}`,
    );
  }
  if (values.model !== undefined && values.method !== undefined)
    throw new Error('upframe: either --model or --method, not both');
  const ratio = readRatio(values.ratio);
  const sharpness = Number(values.sharpness ?? 0);
  if (!(sharpness >= 0 && sharpness <= 1))
    throw new Error(`upframe: --sharpness is '${values.sharpness}'; allowed: 0 to 1`);
  const gl = readGl(values.gl);
  const model = values.method === undefined ? (values.model ?? 'image-m') : undefined;
  const [spec] = readMethods({ methods: values.method ?? 'none', models: model }, 'pictures', pictureNames());

  mkdirSync(dirname(output), { recursive: true });
  // Written beside it and moved at the end: a run that fails leaves no half a file under the name.
  const part = `${output}.part`;
  const file = openSync(part, 'w');
  const session = await openSession(gl).catch((error) => {
    closeSync(file);
    rmSync(part);
    throw error;
  });
  let bar: Progress | null = null;
  try {
    await session.page.exposeFunction('upframeWrite', (position: number, base64: string) => {
      const bytes = Buffer.from(base64, 'base64');
      writeSync(file, bytes, 0, bytes.length, position);
    });
    await session.page.exposeFunction('upframeProgress', (done: number, total: number) => {
      bar ??= progress('Upscaling', total);
      bar.update(done, isPicture ? 'tiles' : 'frames');
    });
    const job = { url: fileUrl(input), name: basename(input), spec: spec!, ratio, sharpness };
    const result = await (isPicture
      ? session.call<Result>('upscale-picture', 'upscalePicture', {
          ...job,
          type: PICTURES_OUT[extension(output)]!,
        } satisfies PictureJob)
      : session.call<Result>('upscale-clip', 'upscaleClip', {
          ...job,
          format: extension(output) as ClipJob['format'],
        } satisfies ClipJob));
    renameSync(part, output);
    (bar as Progress | null)?.stop();
    for (const track of result.left ?? []) console.log(`Left out: ${track}`);
    const frames = result.frames === undefined ? '' : `, ${result.frames} frames`;
    console.log(`${result.from.join('x')} to ${result.to.join('x')}${frames} by ${spec!.name}: ${output}`);
  } finally {
    (bar as Progress | null)?.stop();
    closeSync(file);
    if (existsSync(part)) rmSync(part);
    await session.close();
  }
}

interface Result {
  from: number[];
  to: number[];
  frames?: number;
  /** Tracks that the output could not take. */
  left?: string[];
}

await main(import.meta.url, upscale);
