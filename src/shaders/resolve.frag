// Resolve: network output -> display size. The network's grid is SCALE times the render grid; any other ratio is
// resampled from it by Lanczos. A luma network's chroma is bicubic, guided by its luma.
uniform sampler2D color;
uniform float subsampled;
out vec4 fragment;

#if OUTPUT_CHANNELS == 1
#define TEXEL float
float networkTexel(ivec2 p) { return networkOutput(p, 0); }
#else
#define TEXEL vec3
vec3 networkTexel(ivec2 p) { return vec3(networkOutput(p, 0), networkOutput(p, 1), networkOutput(p, 2)); }
#endif

// Lanczos with three lobes, widened where it shrinks. On the networks' pictures it measures 0.05 dB (x3) to 0.15 dB (x1.5)
// above Keys' cubic, and no other linear kernel of its size measures better at x3.
TEXEL resample(vec2 position, vec2 density) {
  // No wider than a ratio of 1 asks for: the weights' number has a bound.
  vec2 widen = clamp(1.0 / density, 1.0, float(SCALE));
  ivec2 last = ivec2(renderSize) * SCALE - 1;
  ivec2 from = ivec2(ceil(position - 0.5 - 3.0 * widen));
  ivec2 to = ivec2(floor(position - 0.5 + 3.0 * widen));
  float weights[6 * SCALE + 1];
  for (int x = from.x; x <= to.x; x++) weights[x - from.x] = lanczos3((float(x) + 0.5 - position.x) / widen.x);
  TEXEL sum = TEXEL(0.0);
  float total = 0.0;
  for (int y = from.y; y <= to.y; y++) {
    float wy = lanczos3((float(y) + 0.5 - position.y) / widen.y);
    for (int x = from.x; x <= to.x; x++) {
      float w = wy * weights[x - from.x];
      sum += w * networkTexel(clamp(ivec2(x, y), ivec2(0), last));
      total += w;
    }
  }
  return sum / total;
}

void main() {
#ifdef EXACT
  TEXEL texel = networkTexel(ivec2(displayPosition()));
#else
  vec2 density = displaySize / (renderSize * float(SCALE));
  TEXEL texel = resample(renderPosition() * float(SCALE), density);
#endif
#if OUTPUT_CHANNELS == 1
  Guided guided = guidedBicubic(color, renderPosition(), subsampled);
  vec4 base = guided.bicubic;
  vec3 result = base.rgb + (texel - luma(base.rgb)) * guided.slope;
#else
  vec4 base = bicubic(color, renderPosition());
  vec3 result = texel;
#endif
  float alpha = clamp(base.a, 0.0, 1.0);
  // Premultiplied colour never exceeds its alpha.
  fragment = vec4(clamp(result, 0.0, alpha), alpha);
}
