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
// And where it is believed in part: a tenth of what was gathered at rest for long would still drown a film on a wall.
float mostBelieved(float believed) { return exp2(believed * log2(MOST)); }
// Distance in YCoCg that history had to be moved by at which it no longer shows what is there.
const float CHANGED = 0.08;

// What moves fast, display pixels a frame, and whose luma wavers, has changed where motion does not tell of it (reflections, shading):
// a frame weighs no less than this there, or its few samples would stand out of older colour as a pattern of dots.
const float LEAST_FAST = 0.7;
float leastOf(vec2 shift, float deviation, float least) {
  return mix(least, LEAST_FAST, min(16.0 * deviation, 1.0) * smoothstep(3.0, 12.0, length(shift)));
}

// Weights of the taps along an axis, beside linear interpolation: f (1 - f) (x + y f) at a distance of f from the one before. Six
// taps in thirteen bilinear reads or, for less, four in five: the middle two as one, and of 5 x 5 (or 3 x 3) those nearest to the
// middle. Fitted ones have the least error after six steps over the spectrum of rendered scenes (train/resampling.py): 1.3 dB
// less than Catmull-Rom's by four taps, 3.6 by six, and none that they raise by more than 1.5% in a frame, which networks,
// whose memory is short, do not let grow into ringing. Rules remember longer, and keep Catmull-Rom's.
#if FITTED == 13
const vec2 OUTER_TAP = vec2(0.119, -0.002);
const vec2 BESIDE_TAP = vec2(-0.652, 0.2);
const vec2 INNER_TAP = vec2(0.736, -0.607);
#elif FITTED == 5
const vec2 BESIDE_TAP = vec2(-0.395, 0.238);
const vec2 INNER_TAP = vec2(0.571, -0.59);
#else
const vec2 BESIDE_TAP = vec2(-0.5, 0.5);
const vec2 INNER_TAP = vec2(1.0, -1.5);
#endif

vec2 tap(vec2 by, vec2 f) { return f * (1.0 - f) * (by.x + by.y * f); }

vec4 weighed(float x, float y, float weight) { return vec4(textureLod(history, vec2(x, y), 0.0).rgb, 1.0) * weight; }

// History at a position. `middle` is the read in the middle, which is blurred by comparison; alpha is its.
vec4 resample(vec2 position, out vec4 middle) {
  vec2 centre = floor(position - 0.5) + 0.5;
  vec2 f = position - centre;
  vec2 g = 1.0 - f;
  vec2 second = f + tap(INNER_TAP, g);
  vec2 both = g + tap(INNER_TAP, f) + second;
  vec2 before = tap(BESIDE_TAP, f);
  vec2 after = tap(BESIDE_TAP, g);
  vec2 p = (centre + second / both) / displaySize;
  vec2 p0 = (centre - 1.0) / displaySize;
  vec2 p3 = (centre + 2.0) / displaySize;
  middle = textureLod(history, p, 0.0);
  vec4 sum = vec4(middle.rgb, 1.0) * (both.x * both.y) +
    weighed(p.x, p0.y, both.x * before.y) + weighed(p0.x, p.y, before.x * both.y) +
    weighed(p3.x, p.y, after.x * both.y) + weighed(p.x, p3.y, both.x * after.y);
#if FITTED == 13
  vec2 first = tap(OUTER_TAP, f);
  vec2 last = tap(OUTER_TAP, g);
  vec2 q0 = (centre - 2.0) / displaySize;
  vec2 q3 = (centre + 3.0) / displaySize;
  sum += weighed(p0.x, p0.y, before.x * before.y) + weighed(p3.x, p0.y, after.x * before.y) +
    weighed(p0.x, p3.y, before.x * after.y) + weighed(p3.x, p3.y, after.x * after.y) +
    weighed(p.x, q0.y, both.x * first.y) + weighed(q0.x, p.y, first.x * both.y) +
    weighed(q3.x, p.y, last.x * both.y) + weighed(p.x, q3.y, both.x * last.y);
#endif
  return vec4(sum.rgb / sum.a, middle.a);
}

// The four samples around a position on their grid, weighted by their distance from it; `fall` is k for distances in
// render pixels. A sample that is no colour makes the sum none: see `isColor`. `away` is where their middle, so weighted,
// lies from the position.
vec3 weigh(sampler2D color, vec2 position, vec2 fall, out vec2 away) {
  ivec2 last = textureSize(color, 0) - 1;
  vec2 corner = floor(position - 0.5);
  vec2 near = position - 0.5 - corner;
  vec2 far = 1.0 - near;
  vec2 w0 = exp(-fall * near * near);
  vec2 w1 = exp(-fall * far * far);
  away = w1 / (w0 + w1) - near;
  ivec2 low = clamp(ivec2(corner), ivec2(0), last);
  ivec2 high = clamp(ivec2(corner) + 1, ivec2(0), last);
  vec3 row0 = texelFetch(color, low, 0).rgb * w0.x + texelFetch(color, ivec2(high.x, low.y), 0).rgb * w1.x;
  vec3 row1 = texelFetch(color, ivec2(low.x, high.y), 0).rgb * w0.x + texelFetch(color, high, 0).rgb * w1.x;
  return (row0 * w0.y + row1 * w1.y) / ((w0.x + w1.x) * (w0.y + w1.y));
}

// False for NaN and infinity, which in history would spread and never leave.
bool isColor(vec3 c) { return all(lessThan(abs(c), vec3(1e4))); }

// The new history: before, of that gathered weight, and now.
vec4 blend(vec3 before, float gathered, vec3 now, float weight) {
  vec3 made = mix(before, isColor(now) ? now : before, weight / (weight + gathered));
  return vec4(clamp(made, 0.0, 1.0), weight + gathered);
}

// What is to be shown: the picture, and in alpha by how much it is to be sharpened, from -1 to 2, as 0 to 1.
vec4 toShow(vec3 picture, float crisp) { return vec4(clamp(picture, 0.0, 1.0), (crisp + 1.0) / 3.0); }
