// A spatial method in one pass: colour at render size -> display size. METHOD is one of the filters' functions, MOST what its
// colours may be beside their alpha.
uniform sampler2D color;
out vec4 fragment;

void main() {
  vec4 picture = METHOD(color, renderPosition());
  float alpha = clamp(picture.a, 0.0, 1.0);
  // Premultiplied colour never exceeds its alpha; a kernel with negative lobes may say otherwise.
  fragment = vec4(clamp(picture.rgb, 0.0, max(alpha, MOST)), alpha);
}
