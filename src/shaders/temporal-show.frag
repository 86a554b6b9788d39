// Temporal show: history (display size) -> the picture, right side up. Alpha is the present frame's.
uniform sampler2D color;  // linear
out vec4 fragment;

void main() {
  float alpha = textureLod(color, renderPosition() / renderSize, 0.0).a;
  fragment = vec4(min(pictureAt(displayPosition()), alpha), alpha);
}
