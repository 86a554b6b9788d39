// Inspect: what the temporal path knows and decides, over the picture it made: one of the views below is defined.
uniform sampler2D prepared;
uniform sampler2D history;
uniform sampler2D shown;
uniform sampler2D truth;  // linear; by 'error' alone
out vec4 fragment;

// Hue 0 to 1 at full strength.
vec3 hue(float h) { return clamp(abs(fract(h + vec3(0.0, 2.0, 1.0) / 3.0) * 6.0 - 3.0) - 1.0, 0.0, 1.0); }

// Dark blue to yellow, as brightness grows.
vec3 heat(float x) { return clamp(vec3(2.2 * x - 0.6, 1.6 * x - 0.25, 0.35 + 1.1 * x * (1.0 - 1.4 * x)), 0.0, 1.0); }

void main() {
  vec2 position = displayPosition();
  vec4 there = texelFetch(prepared, cellOf(renderPosition(), renderSize), 0);
  vec3 picture = texelFetch(shown, ivec2(position), 0).rgb;
  vec3 grey = vec3(0.6 * dot(picture, vec3(0.299, 0.587, 0.114)));
#ifdef MOTION
  // Hue is the direction, strength the length: full at eight display pixels a frame.
  vec2 moved = there.xy * displaySize;
  float strength = clamp(length(moved) / 8.0, 0.0, 1.0);
  fragment.rgb = mix(grey, hue(atan(moved.y, moved.x) / 6.2832), sqrt(strength));
#elif defined DISOCCLUSION
  fragment.rgb = mix(vec3(1.0, 0.2, 0.15), grey, clamp(fract(there.w) / BELIEF, 0.0, 1.0));
#elif defined AGE
  fragment.rgb = heat(log2(1.0 + texelFetch(history, ivec2(position), 0).a) / 6.0);
#elif defined DECISIONS
  // Green: history is kept; red: it is doubted. Blue: what is added to luma.
  ivec2 pixel = ivec2(position);
  int part = (pixel.y & 1) * 2 + (pixel.x & 1);
  float keep = 1.0 / (1.0 + exp(-1.0 - networkTexel(pixel >> 1, 0)[part]));
  float added = networkTexel(pixel >> 1, 1)[part] * unsettled(texelFetch(history, pixel, 0).a);
  fragment.rgb = clamp(0.4 * grey + vec3(0.6 * (1.0 - keep), 0.6 * keep, abs(added) * 8.0), 0.0, 1.0);
#else
  fragment.rgb = 4.0 * abs(picture - textureLod(truth, position / displaySize, 0.0).rgb);
#endif
  fragment.a = 1.0;
}
