// Temporal accumulate: jittered colour (render size) and history (display size) -> new history, and what to show of it
// (display size, rows as colour has them; see `toShow`). History's rgb: colour, sRGB-encoded: a tone-mapped space, so one
// bright sample does not outweigh its neighbours; a: the weight gathered, 1 for a sample at the pixel's centre.
uniform sampler2D color;
uniform sampler2D prepared;
uniform sampler2D low;
uniform sampler2D high;
uniform sampler2D drift;
uniform vec2 renderSize;
uniform vec2 jitter;        // render pixels
layout(location = 0) out vec4 result;
layout(location = 1) out vec4 shown;

// Most weight that history may have where the picture moves: moving history is resampled every frame and must be renewed.
const float MOST_SLOW = 32.0;
const float MOST_MOVING = 1.0;
// And where history had to be corrected.
const float MOST_CHANGED = 0.5;
// Once a round of jitter is in, a picture at rest believes itself more with every frame, and stops shimmering.
const float SETTLING = 1.06;
// Least weight of a frame, where its nearest sample is far: what moves must be renewed at every pixel,
// and corrected history most of all.
const float LEAST_STILL = 0.02;
const float LEAST_MOVING = 0.05;
const float LEAST_CHANGED = 0.4;
// A settled picture is sharpened by so much of what a 3x3 blur takes from it: it was gathered through a filter that is
// wider than the pixel's box.
const float CRISP = 0.4;
// Gathered weight at which sharpening begins, beyond what anything in motion has, and at which it is full.
const float RESTING = 1.5;
const float RESTED = 3.0;

void main() {
  vec2 scale = renderSize / displaySize;
  // Where this pixel lies on the grid of samples, and the sample nearest to it.
  vec2 position = gl_FragCoord.xy * scale + jitter;
  ivec2 at = clamp(ivec2(floor(position)), ivec2(0), ivec2(renderSize) - 1);
  ivec2 cell = cellOf(position, renderSize);
  vec4 there = texelFetch(prepared, cell, 0);

  vec3 before = vec3(0.0);
  float gathered = 0.0;
  float least = LEAST_STILL;
  float believed = fract(there.w) / BELIEF;
  if (believed > 0.0) {
    vec2 shift = there.xy * displaySize;
    vec4 old, middle;
    bool still = shift == vec2(0.0);
    if (still) old = texelFetch(history, ivec2(gl_FragCoord.xy), 0);
    else old = resample(gl_FragCoord.xy + shift, middle);
    vec3 kept = toYCoCg(old.rgb) * (1.0 + unpackDrift(texelFetch(drift, cell, 0)).y);
    vec3 allowed = clamp(kept, texelFetch(low, cell, 0).rgb, texelFetch(high, cell, 0).rgb);
    before = fromYCoCg(allowed);
    float changed = smoothstep(0.0, CHANGED, distance(kept, allowed));
    float moving = smoothstep(0.0, 0.5, length(shift));
    least = leastOf(shift, texelFetch(high, cell, 0).a, mix(mix(LEAST_STILL, LEAST_MOVING, moving), LEAST_CHANGED, changed));
    float slow = log2(still ? MOST : MOST_SLOW);
    float most = exp2(mix(mix(slow, log2(max(MOST_MOVING, 4.0 * scale.x * scale.y)), moving), log2(MOST_CHANGED), changed));
    gathered = min(old.a * (old.a > SETTLED ? SETTLING : 1.0), min(most, mostBelieved(believed))) * believed;
  }

  vec2 sharp = SHARP / (scale * scale);
  vec2 fall = mix(min(vec2(SMOOTH), sharp), sharp, clamp(gathered / ENOUGH, 0.0, 1.0));
  vec2 offset = position - vec2(at) - 0.5;
  vec2 away;
  vec3 now = weigh(color, position, fall, away);
  // The nearest sample alone says how well this frame covers the pixel.
  float weight = max(exp(-dot(sharp * offset, offset)), least);
  result = blend(before, gathered, now, weight);
  shown = toShow(result.rgb, CRISP * smoothstep(RESTING, RESTED, result.a));
}
