// Temporal prepare, render size. What was where a frame ago, and which colours history may hold there: for each cell between
// four samples, texel (0, 0) standing for the one whose lowest sample is pixel (0, 0) (see `cellOf`).
//   prepared  xy motion of the nearest of the four, or of what rests nearer beside them, current to previous, in UV;
//             z log2 of its distance;
//             w the frames for which the surface is remembered unseen, a whole number, plus BELIEF times how much of
//             history to believe, 0 (uncovered, new, off screen) to 1
//   low, high rgb the colours seen around the cell lately, as a box in YCoCg; alpha of `low` the mean luma around it
//             over time, alpha of `high` its mean deviation from that
//   drift     x that deviation with its sign, y the share by which luma of history is to be raised: see `packDrift`
uniform sampler2D color;
uniform sampler2D depth;
uniform sampler2D motion;
uniform sampler2D reactive;
uniform sampler2D previous;      // the last frame's `prepared`
uniform sampler2D previousLow;   // linear
uniform sampler2D previousHigh;  // linear
uniform sampler2D previousDrift; // linear
uniform bool hasMotion;
uniform bool hasReactive;
uniform bool reset;
uniform bool still;              // the camera is where it was
uniform bool topLeft;
uniform vec2 jitter;             // render pixels
uniform vec2 previousJitter;
// Share of the way from the remembered box to the present one in a frame: a wire that some frames miss stays allowed
// until the jitter comes back to it.
uniform float boxDecay;
uniform vec4 linearize;          // distance = (x + y depth) / (z + w depth), the divisor positive up to the far plane
uniform vec2 depthToClip;        // clip z / w = x depth + y
uniform mat4 inverseProjection;  // clip -> view, current, without jitter
uniform mat4 toPreviousView;     // view, current -> view, previous
uniform mat4 previousProjection; // view, previous -> clip, without jitter

layout(location = 0) out vec4 prepared;
layout(location = 1) out vec4 low;
layout(location = 2) out vec4 high;
layout(location = 3) out vec4 drift;

// Marks in the motion texture, see FrameInput.motion.
const float NO_MOTION = 4.0;
const float NO_HISTORY = 8.0;

// Two surfaces are one where their distances differ by less than this share: log2(1.03). Motion along the line of sight
// is not known to the test, and 16-bit floats store log2 of distance to half a percent.
const float SAME_SURFACE = 0.04;
// Less where the one moved by itself and the other stands.
const float MOVED_ON = 0.01;

// Added to a surface's life where it moves by itself.
const float MOVES = 32.0;
// And the most frames for which that is remembered unseen: as it is followed by whole cells, it drifts, and would drag along
// what it passes.
const float MOVER_LIFE = 3.0;

// What moves by itself is doubted by so much in every frame: as it turns its shading is another, which motion does not tell.
const float TURNING = 0.1;
// Counts as reactive, for each sample of a cell that moves behind what the cell is taken for.
const float PASSING = 0.1;
// Less than this share of reactive colour leaves no trail that is seen.
const float LEAST_SHARE = 0.05;

// Render pixels a frame: less than this is no motion of one surface against another.
const float PARTING = 0.05;

// Width of the box in standard deviations (Salvi, 2016): narrower flickers, wider ghosts.
const float BOX_WIDTH = 1.25;
// Luma around a pixel that leaves its mean by more than this many times its usual deviation is a change of light and
// not aliasing: history goes. The smallest deviation is what 8 bits and a slow drift of light may make.
const float CHANGE = 4.0;
const float LEAST_DEVIATION = 0.01;
// A frame's share in mean and deviation.
const float LUMA_DECAY = 0.15;
// Deviations that keep their sign, frame after frame, are light that changes: aliasing changes its sign. From the first of these
// shares of the usual deviation on that is likely, from the second on sure.
const float LIKELY = 0.35;
const float SURE = 0.65;
// History is made brighter, or darker, only where that is beyond doubt: else it would be blotched.
const float BEYOND_DOUBT = 0.95;
// A lag that is to be seen; at rest, where the jitter alone has runs of one sign, less is not to cost anything.
const float SEEN = 0.04;
const float SEEN_AT_REST = 0.12;
// A lag costs as much belief as it has of this, though never more than 0.8.
const float ALL_LAG = 0.2;

float depthAt(ivec2 pixel, ivec2 last) { return texelFetch(depth, clamp(pixel, ivec2(0), last), 0).r; }

float distanceOf(float d) {
  return clamp((linearize.x + linearize.y * d) / max(linearize.z + linearize.w * d, 1e-12), 1e-5, 1e9);
}

// The samples of a cell, then those around it, the corners left out.
const ivec2 AROUND[12] = ivec2[12](
  ivec2(0, 0), ivec2(1, 0), ivec2(0, 1), ivec2(1, 1),
  ivec2(0, -1), ivec2(1, -1), ivec2(-1, 0), ivec2(2, 0), ivec2(-1, 1), ivec2(2, 1), ivec2(0, 2), ivec2(1, 2));
// Of those, the neighbours of each of the cell's samples: left, right, below, above.
const ivec4 BESIDE[4] = ivec4[4](ivec4(6, 1, 4, 2), ivec4(0, 7, 5, 3), ivec4(8, 3, 0, 10), ivec4(2, 9, 1, 11));
// Share of a colour around the cell in its box, of that of one in it.
const float OUTER = 0.25;

// Colours around the cell, taken in one by one.
vec3 sum = vec3(0.0);
vec3 squares = vec3(0.0);
vec3 least = vec3(1e3);
vec3 most = vec3(-1e3);
float lumas = 0.0;  // of all twelve
float weights = 0.0;

void take(ivec2 at, float weight) {
  vec3 c = toYCoCg(sane(texelFetch(color, clamp(at, ivec2(0), textureSize(color, 0) - 1), 0).rgb));
  lumas += c.x;
  weights += weight;
  sum += weight * c;
  squares += weight * c * c;
  least = weight > 0.0 ? min(least, c) : least;
  most = weight > 0.0 ? max(most, c) : most;
}

// The last frame's surface at a place, with what history is to be believed there: see `prepared`.
vec4 surfaceBefore(vec2 uv) {
  vec2 size = vec2(textureSize(previous, 0));
  return texelFetch(previous, cellOf(uv * size + previousJitter, size), 0);
}

// How much of the last frame's surfaces around `uv` was no nearer than `limit`, or than `strict` where it moved by itself,
// 0 to 1; the nearer one, if any.
float seenBefore(vec2 uv, float limit, float strict, out vec4 nearer) {
  vec2 size = vec2(textureSize(previous, 0));
  vec2 position = uv * size + previousJitter - 1.0;
  ivec2 corner = ivec2(floor(position));
  vec2 f = position - vec2(corner);
  ivec2 last = ivec2(size) - 1;
  float seen = 0.0;
  float most = 0.0;
  nearer = vec4(0.0);
  for (int i = 0; i < 4; i++) {
    ivec2 at = ivec2(i & 1, i >> 1);
    vec2 weights = mix(1.0 - f, f, vec2(at));
    float weight = weights.x * weights.y;
    vec4 there = texelFetch(previous, clamp(corner + at, ivec2(0), last), 0);
    if (there.z > (there.w < MOVES ? limit : strict)) seen += weight;
    else if (weight > most) {
      most = weight;
      nearer = there;
    }
  }
  return smoothstep(0.2, 0.8, seen);
}

void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  ivec2 last = textureSize(depth, 0) - 1;
  vec2 size = vec2(last + 1);

  // Motion of the nearest surface in the cell: an edge moves with what is in front, not with what it hides.
  float d[12];
  float deep = 0.0;     // depth of the nearest
  float mean = 0.0;     // of the four
  ivec2 at = ivec2(0);  // of the nearest, from `pixel`
  float reach = 1e10;
  float furthest = 0.0;
  for (int i = 0; i < 4; i++) {
    float one = depthAt(pixel + AROUND[i], last);
    d[i] = distanceOf(one);
    mean += 0.25 * one;
    bool closer = d[i] < reach;
    at = closer ? AROUND[i] : at;
    deep = closer ? one : deep;
    reach = min(reach, d[i]);
    furthest = max(furthest, d[i]);
  }
  ivec2 beside = ivec2(0);  // the nearest of those around the cell
  float besideDeep = 0.0;
  float besideReach = 1e10;
  for (int i = 4; i < 12; i++) {
    float one = depthAt(pixel + AROUND[i], last);
    d[i] = distanceOf(one);
    bool closer = d[i] < besideReach;
    beside = closer ? AROUND[i] : beside;
    besideDeep = closer ? one : besideDeep;
    besideReach = min(besideReach, d[i]);
  }
  // How fast distance changes over one surface: the smaller of both sides, as the other may cross an edge.
  float slope = 1e9;
  for (int i = 0; i < 4; i++) {
    vec4 steps = abs(vec4(d[BESIDE[i].x], d[BESIDE[i].y], d[BESIDE[i].z], d[BESIDE[i].w]) - d[i]);
    slope = min(slope, min(steps.x, steps.y) + min(steps.z, steps.w));
  }
  // One surface that leans has a nearest sample too, whose motion is not the cell's.
  float seam = 2.0 * slope + 0.01 * reach;
  bool whole = furthest - reach <= seam;
  // What is thin has a wider seam, of samples that missed it; what moves by itself would drag along what it passes. Of what is
  // thick beside the cell, nothing is in it.
  float hidden = 0.0;
  if (besideReach < reach - seam) {
    ivec2 outwards = (2 * beside - 1) / 3;
    float beyond = distanceOf(depthAt(pixel + beside + 2 * outwards, last));
    if (beyond - besideReach < 0.5 * (reach - besideReach)) hidden = reach - seam;
    else if (!(hasMotion && texelFetch(motion, clamp(pixel + beside, ivec2(0), last), 0).x < 0.5 * NO_MOTION)) {
      whole = false;
      at = beside;
      deep = besideDeep;
      reach = besideReach;
    }
  }
  at = clamp(pixel + at, ivec2(0), last);
  // Its samples are all one at the far edges of the picture.
  vec2 center = (min(vec2(pixel) + 1.0, size - 0.5) - jitter) / size;
  vec2 uv = whole ? center : (vec2(at) + 0.5 - jitter) / size;
  deep = whole ? mean : deep;

  vec2 up = vec2(1.0, topLeft ? -1.0 : 1.0);
  vec2 moved = vec2(0.0);
  float expected = distanceOf(deep);
  if (!still) {
    vec2 ndc = (uv * 2.0 - 1.0) * up;
    float z = depthToClip.x * deep + depthToClip.y;
    vec4 view = inverseProjection * vec4(ndc, z, 1.0);
    // Kept homogeneous: with an infinite far plane the sky has no w to divide by.
    vec4 before = toPreviousView * view;
    expected = clamp(-before.z / max(before.w, 1e-12), 1e-5, 1e9);
    // Where nothing is drawn there is a sky, which no step of the camera's comes closer to.
    if (linearize.w != 0.0 && deep == (linearize.w < 0.0 ? 1.0 : 0.0)) before = toPreviousView * vec4(view.xyz, 0.0);
    vec4 clip = previousProjection * before;
    moved = clip.w > 0.0 ? (clip.xy / clip.w - ndc) * 0.5 * up : vec2(2.0);
  }
  float believed = reset ? 0.0 : 1.0;
  float moves = 0.0;
  float movers = 0.0;
  if (hasMotion) {
    vec2 own = texelFetch(motion, at, 0).xy;
    vec2 total = vec2(0.0);
    for (int i = 0; i < 4; i++) {
      vec2 one = texelFetch(motion, min(pixel + AROUND[i], last), 0).xy;
      // Written so that a NaN counts as no motion.
      if (one.x < 0.5 * NO_MOTION) {
        total += one;
        movers += 1.0;
      }
    }
    if (whole && movers == 4.0) own = 0.25 * total;
    if (own.x >= 0.5 * (NO_MOTION + NO_HISTORY)) believed = 0.0;
    else if (own.x < 0.5 * NO_MOTION) {
      moved = own;
      moves = MOVES;
    }
  }
  vec2 beforeUv = center + moved;
  if (any(lessThan(beforeUv, vec2(0.0))) || any(greaterThan(beforeUv, vec2(1.0)))) believed = 0.0;
  float logDistance = log2(reach);
  // A first frame knows no motion to follow.
  float life = reset ? 0.0 : min(floor(1.0 / boxDecay), moves > 0.0 ? MOVER_LIFE : MOVES - 1.0);
  if (believed > 0.0) {
    float tolerance = SAME_SURFACE + 2.0 * slope / reach;
    float limit = log2(expected) - tolerance;
    vec4 nearer;
    // What has moved on is told from what stands by less: a sprite from the ground below it, seen from far above.
    float strict = moves > 0.0 ? limit : limit + SAME_SURFACE - MOVED_ON;
    believed = seenBefore(beforeUv, limit, strict, nearer);
    // What was nearer has gone, unless it is a wire, or an edge, that this frame's samples have missed: then it should be
    // here still when followed along its own motion, or not have moved against what is here now.
    if (believed < 1.0) {
      vec4 followed = surfaceBefore(center + nearer.xy);
      if (length((nearer.xy - moved) * size) < PARTING) believed = 1.0;
      else if (followed.z <= limit && abs(followed.z - nearer.z) < SAME_SURFACE && mod(followed.w, MOVES) >= 1.0) {
        moved = followed.xy;
        beforeUv = center + moved;
        logDistance = followed.z;
        life = mod(floor(followed.w), MOVES) - 1.0;
        moves = floor(followed.w / MOVES) * MOVES;
        believed = 1.0;
      }
    }
  }
  vec4 there = surfaceBefore(beforeUv);
  // Wheels are as far away as their road: what moved there took its colours along, by more than a pixel, if it is where it would be now.
  if (hasMotion && moves == 0.0 && there.w >= MOVES && length((there.xy - moved) * size) > 1.0 &&
    texelFetch(motion, ivec2((beforeUv - there.xy) * size + jitter), 0).x < 0.5 * NO_MOTION) believed = 0.0;
  // The most of reactive colour among the samples that a display pixel gathers here.
  float share = 0.0;
  float shares[12];
  if (hasReactive) {
    for (int i = 0; i < 12; i++) shares[i] = texelFetch(reactive, clamp(pixel + AROUND[i], ivec2(0), last), 0).r;
    share = min(max(max(shares[0], shares[1]), max(shares[2], shares[3])), 1.0);
  }
  // What passes behind something at rest is not followed where that is near.
  if (moves == 0.0) share = max(share, PASSING * movers);
  else believed *= 1.0 - TURNING;
  // Colours of what is not told of must not stay allowed where it has been.
  if (share > LEAST_SHARE) moves = MOVES;
  // The box of the colours around the cell: its own samples, and with less weight those beside it that are not hidden nor, where
  // the cell is bare, reactive. Two loops, as a driver unrolls short ones alone: one took twice as long on llvmpipe.
  bool bare = hasReactive && share <= LEAST_SHARE;
  for (int i = 0; i < 4; i++) take(pixel + AROUND[i], 1.0);
  for (int i = 4; i < 12; i++)
    take(pixel + AROUND[i], d[i] < hidden || (bare && shares[i] > LEAST_SHARE) ? 0.0 : OUTER);
  vec3 middle = sum / weights;
  vec3 spread = BOX_WIDTH * sqrt(max(squares / weights - middle * middle, 0.0));
  low = vec4(max(least, middle - spread), lumas / 12.0);
  // Until more is known, luma is taken to vary over time as it does around the pixel.
  high = vec4(min(most, middle + spread), 0.5 * spread.x);
  drift = packDrift(vec2(0.0));
  if (believed > 0.0) {
    vec2 remembered = beforeUv + (previousJitter - 0.5) / vec2(textureSize(previousLow, 0));
    vec4 lowBefore = textureLod(previousLow, remembered, 0.0);
    vec4 highBefore = textureLod(previousHigh, remembered, 0.0);
    float rise = low.a - lowBefore.a;
    float deviation = abs(rise);
    float usual = CHANGE * (highBefore.a + LEAST_DEVIATION);
    believed *= 1.0 - smoothstep(usual, 2.0 * usual, deviation);
    // What moves by itself must not leave its colours in the box of what it passes over, nor take that one's along.
    float keep = moves + there.w >= MOVES ? 0.0 : (1.0 - boxDecay) * believed;
    low.rgb = min(low.rgb, mix(low.rgb, lowBefore.rgb, keep));
    high.rgb = max(high.rgb, mix(high.rgb, highBefore.rgb, keep));
    low.a = mix(low.a, lowBefore.a, (1.0 - LUMA_DECAY) * believed);
    high.a = mix(high.a, mix(deviation, highBefore.a, 1.0 - LUMA_DECAY), believed);
    // Where the mask tells of a change already, none is to be guessed.
    if (share <= LEAST_SHARE) {
      float lag = mix(rise, unpackDrift(textureLod(previousDrift, remembered, 0.0)).x, 1.0 - LUMA_DECAY) * believed;
      float oneSign = abs(lag) / (high.a + 0.25 * LEAST_DEVIATION);
      float seen = smoothstep(0.5, 1.0, abs(lag) / (still ? SEEN_AT_REST : SEEN));
      // So much of a lag comes in a frame; where light has stopped changing, this frame's is the smaller one.
      float change = LUMA_DECAY * clamp(rise, min(lag, 0.0), max(lag, 0.0));
      drift = packDrift(vec2(lag, seen * smoothstep(SURE, BEYOND_DOUBT, oneSign) * change / max(lowBefore.a, 0.05)));
      believed *= 1.0 - seen * smoothstep(LIKELY, SURE, oneSign) * min(abs(lag) / ALL_LAG, 0.8);
    }
  }
  believed *= 1.0 - 0.9 * share;
  prepared = vec4(moved, logDistance, moves + life + BELIEF * believed);
}
