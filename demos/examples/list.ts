/** The examples, in the order to read them in: file name, title, and what each shows in one sentence. */
export const examples = [
  {
    name: '1-hello',
    title: 'Hello',
    sentence: 'A scene rendered small and shown large, in two lines more than plain three.js.',
  },
  {
    name: '2-split-compare',
    title: 'Split compare',
    sentence: 'One frame twice: bilinear on the left, gathered over frames on the right of a split that you drag.',
  },
  {
    name: '3-aliasing-torture',
    title: 'Aliasing torture',
    sentence: 'Wires, a fence and a checkerboard: what flickers where pixels are few.',
  },
  {
    name: '4-transparency-and-particles',
    title: 'Transparency and particles',
    sentence: 'Glass, smoke and sparks move in front of a wall and leave no trails.',
  },
  {
    name: '5-effects-at-render-size',
    title: 'Effects at render size',
    sentence: 'Bloom at a quarter of the pixels: an effect composer as it is, and one line more.',
  },
  {
    name: '6-skinned-crowd',
    title: 'Skinned crowd',
    sentence: 'Forty skeletons walk, and every bone has motion of its own.',
  },
] as const;

export type ExampleName = (typeof examples)[number]['name'];
