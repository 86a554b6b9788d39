// BT.601 luma of sRGB-encoded colour, full range: what the luma networks are trained on.
const vec3 LUMA = vec3(0.299, 0.587, 0.114);

float luma(vec3 color) {
  return dot(color, LUMA);
}
