// HDR: linear light of any brightness -> a picture in 0..1, which the stages between can work on, or with DECODE back.
// The brightest channel is brought below 1 and the others with it, so that colours keep their hue; 2.2 stands for the eye.
uniform sampler2D picture;
out vec4 fragment;

// Light that is taken for infinite.
const float BRIGHTEST = 16384.0;

#ifdef DECODE
uniform sampler2D color;  // what the picture was made of, `renderSize` large

// Near 1 a little more in the picture is very much more light: sharpening must not go beyond what is there.
vec3 brightestAround(ivec2 pixel) {
  ivec2 last = ivec2(renderSize) - 1;
  vec3 most = vec3(0.0);
  for (int i = 0; i < 9; i++) {
    most = max(most, texelFetch(color, clamp(pixel + ivec2(i % 3, i / 3) - 1, ivec2(0), last), 0).rgb);
  }
  return most;
}

void main() {
  vec4 c = texelFetch(picture, ivec2(gl_FragCoord.xy + offset), 0);
  vec3 light = pow(min(c.rgb, brightestAround(ivec2(floor(renderPosition())))), vec3(2.2));
  fragment = vec4(light / max(1.0 - max(light.r, max(light.g, light.b)), 1.0 / BRIGHTEST), c.a);
}
#else
void main() {
  vec4 c = texelFetch(picture, ivec2(gl_FragCoord.xy), 0);
  bvec3 bad = bvec3(isnan(c.r), isnan(c.g), isnan(c.b));
  vec3 light = clamp(mix(c.rgb, vec3(0.0), bad), 0.0, BRIGHTEST);
  light /= 1.0 + max(light.r, max(light.g, light.b));
  fragment = vec4(pow(light, vec3(1.0 / 2.2)), clamp(c.a, 0.0, 1.0));
}
#endif
