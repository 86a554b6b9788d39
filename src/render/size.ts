/** Width and height in pixels. */
export type Size = readonly [width: number, height: number];

export const sameSize = (a: Size | undefined, b: Size): boolean => a?.[0] === b[0] && a[1] === b[1];
