// Temporal show: history (display size) -> the picture, right side up. Alpha is the present frame's.
uniform sampler2D history;
uniform sampler2D color;  // linear
out vec4 fragment;

void main() {
  float alpha = textureLod(color, renderPosition() / renderSize, 0.0).a;
  fragment = vec4(min(texelFetch(history, ivec2(displayPosition()), 0).rgb, alpha), alpha);
}
