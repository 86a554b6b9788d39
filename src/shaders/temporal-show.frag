// Temporal show: history (display size) -> the picture, right side up; a game network adds to its luma. Alpha is the present frame's.
uniform sampler2D history;
uniform sampler2D color;  // linear
out vec4 fragment;

void main() {
  ivec2 pixel = ivec2(displayPosition());
  vec4 kept = texelFetch(history, pixel, 0);
  vec3 picture = kept.rgb;
#ifdef LEARNED
  float added = networkTexel(pixel >> 1, 1)[(pixel.y & 1) * 2 + (pixel.x & 1)];
  picture = clamp(picture + added * unsettled(kept.a), 0.0, 1.0);
#endif
  float alpha = textureLod(color, renderPosition() / renderSize, 0.0).a;
  fragment = vec4(min(picture, alpha), alpha);
}
