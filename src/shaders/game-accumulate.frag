// Game accumulate: as temporal accumulate, with a network's decisions in place of rules. They come by quads of display
// pixels, in three layers: how much of the weight of history is kept, for the four pixels; what is added to their luma
// where it is shown, and not kept; and by how much the picture is sharpened where it is shown, how much moved history is
// sharpened, octaves by which the box is wider, and how far history may leave it. train/game.py has the same.
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
// Share of history's weight that is left where a picture at rest turns into another.
const float REPLACED = 0.25;

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
  float gathered = 0.0;
  float least = LEAST;
  float believed = fract(there.w) / BELIEF;
  if (believed > 0.0) {
    vec2 shift = there.xy * displaySize;
    bool still = shift == vec2(0.0);
    vec4 old, middle;
    if (still) old = middle = texelFetch(history, pixel, 0);
    else old = resample(gl_FragCoord.xy + shift, middle);
    vec3 lowest = texelFetch(low, cell, 0).rgb;
    vec3 highest = texelFetch(high, cell, 0).rgb;
    least = leastOf(shift, texelFetch(high, cell, 0).a, LEAST);
    vec3 centre = 0.5 * (lowest + highest);
    vec3 reach = 0.5 * (highest - lowest) * exp2(still ? max(decided.z, 0.0) : decided.z);
    vec3 kept = toYCoCg(old.rgb + decided.y * (old.rgb - middle.rgb)) * (1.0 + unpackDrift(texelFetch(drift, cell, 0)).y);
    vec3 allowed = clamp(kept, centre - reach, centre + reach);
    before = fromYCoCg(mix(allowed, kept, 1.0 / (1.0 + exp(2.0 - decided.w))));
    // A picture at rest is not to be doubted, nor its box narrowed: it has all time to gather, more than training through some frames can know.
    float changed = smoothstep(0.0, CHANGED, distance(kept, allowed));
    float rest = still ? 1.0 - changed : 0.0;
    float keep = 1.0 / (1.0 + exp(-1.0 - networkTexel(quad, 0)[part]));
    keep = mix(still ? keep * REPLACED : keep, 1.0, rest);
    gathered = min(old.a * (old.a > SETTLED ? SETTLING : 1.0), mostBelieved(believed)) * believed * keep;
  }

  vec2 offset = position - vec2(at) - 0.5;
  vec2 sharp = SHARP / (scale * scale);
  vec2 fall = mix(min(vec2(SMOOTH), sharp), sharp, clamp(gathered / ENOUGH, 0.0, 1.0));
  vec3 now = weigh(color, position, fall);
  float weight = max(exp(-dot(sharp * offset, offset)), least);
  result = blend(before, gathered, now, weight);
  // What is guessed anew in every frame fades as history settles.
  float guess = unsettled(result.a);
  float crisp = mix(CRISP, clamp(decided.x, -1.0, 2.0), guess);
  shown = toShow(result.rgb + networkTexel(quad, 1)[part] * guess, crisp);
}
