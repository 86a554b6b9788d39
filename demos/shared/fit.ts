/** Where a picture lies in a stage that shows it whole (object-fit: contain), in CSS pixels relative to the stage. */
export function containedBox(
  stage: HTMLElement,
  size: readonly [number, number],
): { left: number; top: number; width: number; height: number } | null {
  const { clientWidth, clientHeight } = stage;
  if (!(size[0] && size[1] && clientWidth && clientHeight)) return null;
  const scale = Math.min(clientWidth / size[0], clientHeight / size[1]);
  const [width, height] = [size[0] * scale, size[1] * scale];
  return { left: (clientWidth - width) / 2, top: (clientHeight - height) / 2, width, height };
}
