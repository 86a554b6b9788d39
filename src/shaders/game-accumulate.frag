// Game accumulate: as temporal accumulate, with a network's decisions in place of rules. They come by quads of display
// pixels, in three layers: how much of the weight of history is kept, for the four pixels; what is added to their luma
// where it is shown, and not kept; and by how much the picture is sharpened where it is shown, how far samples follow the
// slope of history to the pixel's centre, octaves by which the box is wider, and how far history may leave it.
// train/game.py has the same.
uniform sampler2D color;
uniform sampler2D prepared;
uniform sampler2D low;
uniform sampler2D high;
uniform sampler2D drift;
uniform vec2 renderSize;
uniform vec2 jitter;        // render pixels
layout(location = 0) out vec4 result;
layout(location = 1) out vec4 shown;

// Once a round of jitter is in, a picture at rest believes itself more with every frame, and stops shimmering:
// faster than by rules, as a network decides otherwise in every frame.
const float SETTLING = 1.1;
// Least weight of a frame, where its nearest sample is far.
const float LEAST = 0.05;
// Most that the slope of history changes a sample's colour by: where history lies beside the samples, its edges say too much.
const float SLOPE_MOST = 0.1;
// And its share at rest: more would make a settled picture shimmer.
const float SLOPE_RESTING = 0.2;
const float NEAR_ONE = 0.98;
// By how much a settled picture is sharpened: less than by rules, as samples that follow the slope blur it less.
const float CRISP = 0.3;
// Share of history's weight that is left where a picture at rest turns into another.
const float REPLACED = 0.25;

float sigmoid(float x) { return 1.0 / (1.0 + exp(-x)); }

void main() {
  vec2 scale = renderSize / displaySize;
  vec2 position = gl_FragCoord.xy * scale + jitter;
  ivec2 at = clamp(ivec2(floor(position)), ivec2(0), ivec2(renderSize) - 1);
  ivec2 cell = cellOf(position, renderSize);
  vec4 there = texelFetch(prepared, cell, 0);
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  ivec2 quad = pixel >> 1;
  int part = (pixel.y & 1) * 2 + (pixel.x & 1);
  vec4 decided = clamp(networkTexel(quad, 2), -4.0, 4.0);

  vec3 before = vec3(0.0);
  vec4 middle;
  float gathered = 0.0;
  float least = LEAST;
  float believed = fract(there.w) / BELIEF;
  vec2 shift = there.xy * displaySize;
  bool still = shift == vec2(0.0);
  if (believed > 0.0) {
    vec4 old;
    if (still) old = middle = texelFetch(history, pixel, 0);
    else old = resample(gl_FragCoord.xy + shift, middle);
    vec3 lowest = texelFetch(low, cell, 0).rgb;
    vec3 highest = texelFetch(high, cell, 0).rgb;
    least = leastOf(shift, texelFetch(high, cell, 0).a, LEAST);
    vec3 centre = 0.5 * (lowest + highest);
    vec3 reach = 0.5 * (highest - lowest) * exp2(still ? max(decided.z, 0.0) : decided.z);
    vec3 kept = toYCoCg(old.rgb) * (1.0 + unpackDrift(texelFetch(drift, cell, 0)).y);
    vec3 allowed = clamp(kept, centre - reach, centre + reach);
    before = fromYCoCg(mix(allowed, kept, sigmoid(decided.w - 2.0)));
    // A picture at rest is not to be doubted, nor its box narrowed: it has all time to gather, more than training through some frames can know.
    float changed = smoothstep(0.0, CHANGED, distance(kept, allowed));
    float rest = still ? 1.0 - changed : 0.0;
    float keep = sigmoid(networkTexel(quad, 0)[part] + 1.0);
    keep = mix(still ? keep * REPLACED : keep, 1.0, rest);
    gathered = min(old.a * (old.a > SETTLED ? SETTLING : 1.0), mostBelieved(believed)) * believed * keep;
  }

  vec2 offset = position - vec2(at) - 0.5;
  vec2 sharp = SHARP / (scale * scale);
  float known = clamp(gathered / ENOUGH, 0.0, 1.0);
  vec2 away;
  vec3 now = weigh(color, position, mix(min(vec2(SMOOTH), sharp), sharp, known), away);
  if (known > 0.0 && isColor(now)) {
    // Samples do not lie at the centre of the pixel they are kept for: what history changes by on the way is taken from them.
    vec3 slope = textureLod(history, (gl_FragCoord.xy + shift + away / scale) / displaySize, 0.0).rgb - middle.rgb;
    float share = still ? SLOPE_RESTING : sigmoid(decided.y);
    // Near 1 a little more is very much more light, where frames are of light: none that neither samples nor history have.
    vec3 most = max(max(now, before), NEAR_ONE);
    now = min(now - clamp(slope, -SLOPE_MOST, SLOPE_MOST) * (known * share), most);
  }
  float weight = max(exp(-dot(sharp * offset, offset)), least);
  result = blend(before, gathered, now, weight);
  // What is guessed anew in every frame fades as history settles.
  float guess = unsettled(result.a);
  float crisp = mix(CRISP, clamp(decided.x, -1.0, 2.0), guess);
  shown = toShow(result.rgb + networkTexel(quad, 1)[part] * guess, crisp);
}
