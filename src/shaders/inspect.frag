// Inspect: what the temporal path knows and decides, over the picture it made: one of the views below is defined.
uniform sampler2D prepared;
uniform sampler2D history;
uniform sampler2D truth;  // linear; by 'error' alone
out vec4 fragment;

// Hue 0 to 1 at full strength.
vec3 hue(float h) { return clamp(abs(fract(h + vec3(0.0, 2.0, 1.0) / 3.0) * 6.0 - 3.0) - 1.0, 0.0, 1.0); }

// Dark blue to yellow, as brightness grows.
vec3 heat(float x) { return clamp(vec3(2.2 * x - 0.6, 1.6 * x - 0.25, 0.35 + 1.1 * x * (1.0 - 1.4 * x)), 0.0, 1.0); }

void main() {
  ivec2 pixel = ivec2(displayPosition());
  vec4 there = texelFetch(prepared, ivec2(clamp(renderPosition(), vec2(0.0), renderSize - 1.0)), 0);
  vec4 picture = texelFetch(history, pixel, 0);
#ifdef LEARNED
  int part = (pixel.y & 1) * 2 + (pixel.x & 1);
  float added = networkTexel(pixel >> 1, 1)[part] * unsettled(picture.a);
  picture.rgb = clamp(picture.rgb + added, 0.0, 1.0);
#endif
  vec3 grey = vec3(0.6 * dot(picture.rgb, vec3(0.299, 0.587, 0.114)));
#ifdef MOTION
  // Hue is the direction, strength the length: full at eight display pixels a frame.
  vec2 moved = there.xy * displaySize;
  float strength = clamp(length(moved) / 8.0, 0.0, 1.0);
  fragment.rgb = mix(grey, hue(atan(moved.y, moved.x) / 6.2832), sqrt(strength));
#elif defined DISOCCLUSION
  fragment.rgb = mix(vec3(1.0, 0.2, 0.15), grey, clamp(fract(there.w) / BELIEF, 0.0, 1.0));
#elif defined AGE
  fragment.rgb = heat(log2(1.0 + picture.a) / 6.0);
#elif defined DECISIONS
  // Green: history is kept; red: it is doubted. Blue: what is added to luma.
  float keep = 1.0 / (1.0 + exp(-1.0 - networkTexel(pixel >> 1, 0)[part]));
  fragment.rgb = clamp(0.4 * grey + vec3(0.6 * (1.0 - keep), 0.6 * keep, abs(added) * 8.0), 0.0, 1.0);
#else
  fragment.rgb = 4.0 * abs(picture.rgb - textureLod(truth, (vec2(pixel) + 0.5) / displaySize, 0.0).rgb);
#endif
  fragment.a = 1.0;
}
