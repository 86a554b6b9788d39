// Temporal accumulate: jittered colour (render size) and history (display size) -> new history (display size, rows as
// colour has them). rgb: colour, sRGB-encoded: a tone-mapped space, so one bright sample does not outweigh its
// neighbours; a: the weight gathered, 1 for a sample at the pixel's centre.
uniform sampler2D color;
uniform sampler2D prepared;
uniform sampler2D low;      // linear
uniform sampler2D high;     // linear
uniform sampler2D history;  // linear
uniform vec2 renderSize;
uniform vec2 displaySize;
uniform vec2 jitter;        // render pixels
out vec4 result;

// A sample's weight falls as exp(-k r^2) with its distance from the display pixel's centre, in display pixels: k = 2.5
// is a Gaussian of 0.45 pixels, near the box that the truth is filtered by.
const float SHARP = 2.5;
// The same in render pixels while there is no history yet: then the picture is an interpolation, not a sum of samples.
const float SMOOTH = 2.2;
// Gathered weight at which history is trusted to fill what this frame's samples miss.
const float ENOUGH = 0.6;
// Most weight that history may have, where nothing changes and where the picture moves: moving history is resampled
// every frame and must be renewed.
const float MOST_STILL = 400.0;
const float MOST_MOVING = 1.0;
// And where history had to be corrected.
const float MOST_CHANGED = 0.5;
// Least weight of a frame, where its nearest sample is far: what moves must be renewed at every pixel,
// and corrected history most of all.
const float LEAST_STILL = 0.02;
const float LEAST_MOVING = 0.05;
const float LEAST_CHANGED = 0.4;
// Once a round of jitter is in, a picture at rest believes itself more with every frame, and stops shimmering.
const float SETTLED = 6.0;
const float SETTLING = 1.06;

// Catmull-Rom in five bilinear reads, the corners left out (Jimenez, 2016).
vec4 resample(vec2 position) {
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
  vec4 middle = textureLod(history, p12, 0.0);
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

void main() {
  vec2 scale = renderSize / displaySize;
  // Where this pixel lies on the grid of samples, and the sample nearest to it.
  vec2 position = gl_FragCoord.xy * scale + jitter;
  ivec2 last = ivec2(renderSize) - 1;
  ivec2 at = clamp(ivec2(floor(position)), ivec2(0), last);
  vec4 there = texelFetch(prepared, at, 0);

  vec3 before = vec3(0.0);
  float gathered = 0.0;
  float least = LEAST_STILL;
  float believed = fract(there.w) / BELIEF;
  if (believed > 0.0) {
    vec2 shift = there.xy * displaySize;
    vec4 old;
    if (shift == vec2(0.0)) old = texelFetch(history, ivec2(gl_FragCoord.xy), 0);
    else old = resample(gl_FragCoord.xy + shift);
    vec2 uv = position / renderSize;
    vec3 kept = toYCoCg(old.rgb);
    vec3 allowed = clamp(kept, textureLod(low, uv, 0.0).rgb, textureLod(high, uv, 0.0).rgb);
    before = fromYCoCg(allowed);
    float changed = smoothstep(0.0, 0.08, distance(kept, allowed));
    float moving = smoothstep(0.0, 0.5, length(shift));
    least = mix(mix(LEAST_STILL, LEAST_MOVING, moving), LEAST_CHANGED, changed);
    float most = exp2(mix(mix(log2(MOST_STILL), log2(max(MOST_MOVING, 4.0 * scale.x * scale.y)), moving), log2(MOST_CHANGED), changed));
    gathered = min(old.a * (old.a > SETTLED ? SETTLING : 1.0), most) * believed;
  }

  float known = clamp(gathered / ENOUGH, 0.0, 1.0);
  vec2 sharp = SHARP / (scale * scale);
  vec2 fall = mix(min(vec2(SMOOTH), sharp), sharp, known);
  vec2 offset = position - vec2(at) - 0.5;
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
  vec3 now = sum / total;
  // The nearest sample alone says how well this frame covers the pixel.
  float weight = max(exp(-dot(sharp * offset, offset)), least);
  result = vec4(clamp(mix(before, now, weight / (weight + gathered)), 0.0, 1.0), weight + gathered);
}
