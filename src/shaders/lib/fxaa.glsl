// Smooths the stairs of a picture with one sample a pixel, after Timothy Lottes' FXAA white paper (NVIDIA, 2009): find
// the edge through the pixel, walk along it to both its ends, and blend across it by how near the nearer end is.
// `source` is read through a linear sampler: a step along the edge sees both its sides in one read.

// The white paper's thresholds: local contrast below an eighth of the brightest neighbour, or below 1/32, is no edge.
const float EDGE_RELATIVE = 0.125;
const float EDGE_LEAST = 0.03125;
// Pixels walked each way. A stair longer than this is nearly axis-aligned, and its steps are far apart.
const int EDGE_STEPS = 10;

float lumaAt(sampler2D source, vec2 uv) {
  return luma(textureLod(source, uv, 0.0).rgb);
}

float lumaOf(sampler2D source, ivec2 pixel, ivec2 last) {
  return luma(texelFetch(source, clamp(pixel, ivec2(0), last), 0).rgb);
}

vec4 fxaa(sampler2D source, ivec2 pixel) {
  ivec2 last = textureSize(source, 0) - 1;
  vec4 centre = texelFetch(source, pixel, 0);
  float m = luma(centre.rgb);
  float n = lumaOf(source, pixel + ivec2(0, 1), last);
  float s = lumaOf(source, pixel + ivec2(0, -1), last);
  float e = lumaOf(source, pixel + ivec2(1, 0), last);
  float w = lumaOf(source, pixel + ivec2(-1, 0), last);
  float high = max(m, max(max(n, s), max(e, w)));
  float low = min(m, min(min(n, s), min(e, w)));
  if (high - low < max(EDGE_LEAST, high * EDGE_RELATIVE)) return centre;

  float ne = lumaOf(source, pixel + ivec2(1, 1), last);
  float nw = lumaOf(source, pixel + ivec2(-1, 1), last);
  float se = lumaOf(source, pixel + ivec2(1, -1), last);
  float sw = lumaOf(source, pixel + ivec2(-1, -1), last);
  float acrossRows = abs(nw + sw - 2.0 * w) + 2.0 * abs(n + s - 2.0 * m) + abs(ne + se - 2.0 * e);
  float acrossColumns = abs(nw + ne - 2.0 * n) + 2.0 * abs(e + w - 2.0 * m) + abs(sw + se - 2.0 * s);
  bool horizontal = acrossRows >= acrossColumns;

  vec2 texel = 1.0 / vec2(last + 1);
  vec2 uv = (vec2(pixel) + 0.5) * texel;
  // The side of the pixel on which the edge runs, and a walk along the line between the two rows (or columns).
  vec2 across = horizontal ? vec2(0.0, texel.y) : vec2(texel.x, 0.0);
  vec2 along = horizontal ? vec2(texel.x, 0.0) : vec2(0.0, texel.y);
  float above = horizontal ? n : e;
  float below = horizontal ? s : w;
  bool upper = abs(above - m) >= abs(below - m);
  if (!upper) across = -across;
  float middle = 0.5 * (m + (upper ? above : below));
  float tolerance = 0.25 * max(abs(above - m), abs(below - m));

  vec2 line = uv + 0.5 * across;
  float forward = 1.0;
  float backward = 1.0;
  float forwardEnd = lumaAt(source, line + along) - middle;
  float backwardEnd = lumaAt(source, line - along) - middle;
  for (int i = 1; i < EDGE_STEPS && abs(forwardEnd) < tolerance; i++) {
    forward += 1.0;
    forwardEnd = lumaAt(source, line + along * forward) - middle;
  }
  for (int i = 1; i < EDGE_STEPS && abs(backwardEnd) < tolerance; i++) {
    backward += 1.0;
    backwardEnd = lumaAt(source, line - along * backward) - middle;
  }
  float nearer = min(forward, backward);
  float end = forward < backward ? forwardEnd : backwardEnd;
  // Where the nearer end bends to this pixel's own side, the edge has already passed it.
  if ((end < 0.0) == (m - middle < 0.0)) return centre;
  float cover = 0.5 - nearer / (forward + backward);
  return textureLod(source, uv + across * cover, 0.0);
}
