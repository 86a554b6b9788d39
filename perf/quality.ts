import { COMMON_OPTIONS, main, readArgs, readChoice, writableFile } from './cli.ts';
import { qualityImages } from './quality-images.ts';
import { qualityScene } from './quality-scene.ts';
import { qualityVideo } from './quality-video.ts';

const HELP = `npm run quality -- images DIR | scene MODULE | video FILE_OR_DIR [options]

  images DIR        every picture in DIR is the truth: shrunk by bicubic with antialiasing, upscaled, compared
  scene MODULE      a scene rendered deterministically, every method against supersampled truth; MODULE is a path
                    or the name of one of perf/scenes
  video FILE_OR_DIR a clip or a folder of frames is the truth: shrunk, optionally encoded, upscaled, compared

  --ratio R         display size over render size, 1 to 3 (default 2)
  --models a,b      networks: built-in names or paths to .onnx files (default: the built-in ones,
                    for scenes image-s and image-m); 'none' for none
  --methods a,b     nearest, bilinear, bicubic, lanczos, fsr1; for scenes native, native-msaa4, native-smaa, temporal,
                    three-taau, three-taau-bias, three-fsr1 (three's own nodes) too; model names; or paths of
                    modules that export createMethod. Replaces the default list of all filters and models
  --json FILE       the figures as JSON
  --save DIR        the pictures as PNG
  --gl G            auto, llvmpipe, swiftshader, none: what draws (default auto)
  scene:  --size WxH (display, default 640x360) --frames N (default 64; the first 8 are left out of the figures)
  video:  --codec none|h264|vp9|av1 (default none) --crf N (the codec's quantizer; default 30) --start N (frame, or '2.5s')
          --frames N (default 64)`;

const OPTIONS = {
  ...COMMON_OPTIONS,
  size: { type: 'string' },
  frames: { type: 'string' },
  codec: { type: 'string' },
  crf: { type: 'string' },
  start: { type: 'string' },
} as const;

export type QualityArgs = ReturnType<typeof readArgs<typeof OPTIONS>>['values'];

const OWN: Record<string, readonly (keyof typeof OPTIONS)[]> = {
  images: [],
  scene: ['size', 'frames'],
  video: ['frames', 'codec', 'crf', 'start'],
};

export async function quality(argv: string[]): Promise<void> {
  const { values, positionals } = readArgs(OPTIONS, argv);
  if (values.help) {
    console.log(HELP);
    return;
  }
  const [mode, path, ...rest] = positionals;
  if (!mode) throw new Error(`upframe: which mode? allowed: images, scene, video\n\n${HELP}`);
  readChoice('mode', mode, ['images', 'scene', 'video']);
  if (rest.length > 0) throw new Error(`upframe: one path at a time; what is '${rest.join(' ')}'?`);
  for (const option of ['size', 'frames', 'codec', 'crf', 'start'] as const) {
    if (values[option] !== undefined && !OWN[mode]!.includes(option)) {
      throw new Error(`upframe: --${option} is no option of quality ${mode}`);
    }
  }
  writableFile('json', values.json);
  const modes = { images: qualityImages, scene: qualityScene, video: qualityVideo };
  await modes[mode as keyof typeof modes](path, values);
}

await main(import.meta.url, quality);
