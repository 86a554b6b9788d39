import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { quality } from '../../perf/quality.ts';
import { upscale } from '../../perf/upscale.ts';
import { run, temporary } from '../pages/commands.ts';

/** Mistakes in a command line are found before any browser starts. */

const folder = temporary();
mkdirSync(join(folder, 'empty'));
writeFileSync(join(folder, 'a.png'), 'no picture');
writeFileSync(join(folder, 'a.mp4'), 'no clip');
const empty = join(folder, 'empty');

const MISTAKES: [args: [command: 'quality' | 'upscale', ...string[]], message: RegExp][] = [
  [['quality'], /which mode\? allowed: images, scene, video/],
  [['quality', 'pictures', folder], /'pictures'; allowed: images, scene, video/],
  [['quality', 'images'], /folder of pictures is missing/],
  [['quality', 'images', '/no/such/folder'], /does not exist: \/no\/such\/folder/],
  [['quality', 'images', join(folder, 'a.png')], /is not a folder/],
  [['quality', 'images', empty], /no pictures .* in .*empty/],
  [['quality', 'images', folder, '--ratio', '4'], /--ratio is '4'; allowed: a number from 1 to 3/],
  [['quality', 'images', folder, '--ratio', 'two'], /--ratio is 'two'/],
  [['quality', 'images', folder, '--models', 'image-xxl'], /unknown model 'image-xxl'; allowed: .*image-s/],
  [['quality', 'images', folder, '--models', '/no/model.onnx'], /model does not exist: \/no\/model.onnx/],
  [['quality', 'images', folder, '--methods', 'sharpest'], /unknown method 'sharpest'; allowed: nearest, bilinear/],
  [['quality', 'images', folder, '--methods', 'native'], /unknown method 'native'/],
  [['quality', 'images', folder, '--frames', '3'], /--frames is no option of quality images/],
  [['quality', 'images', folder, '--colour', 'red'], /Unknown option '--colour'/],
  [['quality', 'scene', 'no-such-scene'], /scene module 'no-such-scene' is not known; allowed: a path, or/],
  [['quality', 'scene', '/no/scene.ts'], /does not exist: \/no\/scene.ts/],
  [['quality', 'scene', join(folder, 'a.png'), '--size', '640'], /--size is '640'; allowed: WIDTHxHEIGHT/],
  [
    ['quality', 'video', join(folder, 'a.mp4'), '--codec', 'mpeg2'],
    /--codec is 'mpeg2'; allowed: none, h264, vp9, av1/,
  ],
  [
    ['quality', 'video', join(folder, 'a.mp4'), '--codec', 'h264', '--crf', '60'],
    /--crf is '60'; allowed: a whole number from 0 to 51/,
  ],
  [['quality', 'video', join(folder, 'a.mp4'), '--crf', '20'], /--crf needs a --codec/],
  [['upscale'], /the file to upscale is missing/],
  [['upscale', '/no/picture.png', 'out.png'], /does not exist: \/no\/picture.png/],
  [['upscale', join(folder, 'a.png')], /where to\?/],
  [['upscale', join(folder, 'a.png'), join(folder, 'b.mp4')], /b.mp4 has to end in one of .png/],
  [['upscale', join(folder, 'a.png'), join(folder, 'a.png')], /output and input are the same file/],
  [
    ['upscale', join(folder, 'a.png'), join(folder, 'b.png'), '--sharpness', '2'],
    /--sharpness is '2'; allowed: 0 to 1/,
  ],
  [['upscale', join(folder, 'a.png'), join(folder, 'b.png'), '--model', 'huge'], /unknown model 'huge'/],
];

for (const [[command, ...args], message] of MISTAKES) {
  test(`${[command, ...args].join(' ').replaceAll(folder, 'DIR')}: one clear message`, async () => {
    const run = { quality, upscale }[command];
    const error = await run(args).then(
      () => new Error('nothing was thrown'),
      (thrown: Error) => thrown,
    );
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^upframe: /);
  });
}

test('a mistake gives a non-zero exit, --help none', async () => {
  const [mistake, help] = await Promise.all([run('quality', 'images', '/no/such/folder'), run('upscale', '--help')]);
  expect(mistake).toEqual({ code: 1, out: '', error: expect.stringMatching(/^upframe: .*does not exist/) });
  expect(help).toMatchObject({ code: 0, out: expect.stringContaining('IN OUT') });
});
