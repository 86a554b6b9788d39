// Interpolation by fixed kernels. `position` is in source pixels, centres at +0.5; edges repeat.
const float PI = 3.14159265359;

vec4 fetchClamped(sampler2D source, ivec2 texel) {
  return texelFetch(source, clamp(texel, ivec2(0), textureSize(source, 0) - 1), 0);
}

vec4 nearest(sampler2D source, vec2 position) {
  return fetchClamped(source, ivec2(floor(position)));
}

vec4 bilinear(sampler2D source, vec2 position) {
  vec2 corner = floor(position - 0.5);
  vec2 f = position - 0.5 - corner;
  ivec2 t = ivec2(corner);
  return mix(
    mix(fetchClamped(source, t), fetchClamped(source, t + ivec2(1, 0)), f.x),
    mix(fetchClamped(source, t + ivec2(0, 1)), fetchClamped(source, t + ivec2(1, 1)), f.x), f.y);
}

// Keys' cubic with a = -0.5 (Catmull-Rom), the bicubic of MATLAB's imresize and of the published tables.
vec4 cubicWeights(float f) {
  float g = 1.0 - f;
  return vec4(-0.5 * f * g * g, 1.0 + f * f * (1.5 * f - 2.5), 1.0 + g * g * (1.5 * g - 2.5), -0.5 * g * f * f);
}

vec4 bicubicRow(sampler2D source, ivec2 corner, vec4 weights) {
  return weights.x * fetchClamped(source, corner) + weights.y * fetchClamped(source, corner + ivec2(1, 0)) +
    weights.z * fetchClamped(source, corner + ivec2(2, 0)) + weights.w * fetchClamped(source, corner + ivec2(3, 0));
}

vec4 bicubic(sampler2D source, vec2 position) {
  vec2 corner = floor(position - 0.5);
  vec2 f = position - 0.5 - corner;
  ivec2 t = ivec2(corner) - 1;
  vec4 wx = cubicWeights(f.x);
  vec4 wy = cubicWeights(f.y);
  return wy.x * bicubicRow(source, t, wx) + wy.y * bicubicRow(source, t + ivec2(0, 1), wx) +
    wy.z * bicubicRow(source, t + ivec2(0, 2), wx) + wy.w * bicubicRow(source, t + ivec2(0, 3), wx);
}

// Lanczos with three lobes; x is a distance in source pixels.
float lanczos3(float x) {
  if (abs(x) < 1e-4) return 1.0;
  if (abs(x) >= 3.0) return 0.0;
  return 3.0 * sin(PI * x) * sin(PI * x / 3.0) / (PI * PI * x * x);
}

vec4 lanczos(sampler2D source, vec2 position) {
  vec2 corner = floor(position - 0.5);
  vec2 f = position - 0.5 - corner;
  float wx[6];
  for (int i = 0; i < 6; i++) wx[i] = lanczos3(float(i - 2) - f.x);
  vec4 sum = vec4(0.0);
  float total = 0.0;
  for (int y = 0; y < 6; y++) {
    float wy = lanczos3(float(y - 2) - f.y);
    for (int x = 0; x < 6; x++) {
      float w = wx[x] * wy;
      sum += w * fetchClamped(source, ivec2(corner) + ivec2(x - 2, y - 2));
      total += w;
    }
  }
  return sum / total;
}
