// Shared by the stages that make history. Declares `history` and `displaySize`.
uniform sampler2D history;  // linear
uniform vec2 displaySize;

// A sample's weight falls as exp(-k r^2) with its distance from the display pixel's centre, in display pixels: k = 2.5
// is a Gaussian of 0.45 pixels, near the box that the truth is filtered by.
const float SHARP = 2.5;
// The same in render pixels while there is no history yet: then the picture is an interpolation, not a sum of samples.
const float SMOOTH = 2.2;
// Gathered weight at which history is trusted to fill what this frame's samples miss.
const float ENOUGH = 0.6;
// Most weight that history may have.
const float MOST = 400.0;
// Once a round of jitter is in, a picture at rest believes itself more with every frame, and stops shimmering.
const float SETTLED = 6.0;
const float SETTLING = 1.06;
// Distance in YCoCg that history had to be moved by at which it no longer shows what is there.
const float CHANGED = 0.08;

// Catmull-Rom in five bilinear reads, the corners left out (Jimenez, 2016). `middle` is the one in their middle, which is
// blurred by comparison; alpha is its.
vec4 resample(vec2 position, out vec4 middle) {
  vec2 centre = floor(position - 0.5) + 0.5;
  vec2 f = position - centre;
  vec2 g = 1.0 - f;
  vec2 w0 = -0.5 * f * g * g;
  vec2 w1 = 1.0 + f * f * (1.5 * f - 2.5);
  vec2 w2 = 1.0 + g * g * (1.5 * g - 2.5);
  vec2 w3 = -0.5 * g * f * f;
  vec2 w12 = w1 + w2;
  vec2 p0 = (centre - 1.0) / displaySize;
  vec2 p3 = (centre + 2.0) / displaySize;
  vec2 p12 = (centre + w2 / w12) / displaySize;
  middle = textureLod(history, p12, 0.0);
  float a = w12.x * w0.y;
  float b = w0.x * w12.y;
  float c = w12.x * w12.y;
  float d = w3.x * w12.y;
  float e = w12.x * w3.y;
  vec3 sum = textureLod(history, vec2(p12.x, p0.y), 0.0).rgb * a + textureLod(history, vec2(p0.x, p12.y), 0.0).rgb * b +
    middle.rgb * c + textureLod(history, vec2(p3.x, p12.y), 0.0).rgb * d +
    textureLod(history, vec2(p12.x, p3.y), 0.0).rgb * e;
  return vec4(sum / (a + b + c + d + e), middle.a);
}

// The samples around `at`, weighted by their distance from a place `offset` render pixels from that one; `fall` is k for
// distances in render pixels.
vec3 weigh(sampler2D color, ivec2 at, vec2 offset, vec2 fall) {
  ivec2 last = textureSize(color, 0) - 1;
  vec3 sum = vec3(0.0);
  float total = 0.0;
  for (int y = -1; y <= 1; y++) {
    float dy = float(y) - offset.y;
    float wy = exp(-fall.y * dy * dy);
    for (int x = -1; x <= 1; x++) {
      float dx = float(x) - offset.x;
      float w = wy * exp(-fall.x * dx * dx);
      sum += w * sane(texelFetch(color, clamp(at + ivec2(x, y), ivec2(0), last), 0).rgb);
      total += w;
    }
  }
  return sum / total;
}
