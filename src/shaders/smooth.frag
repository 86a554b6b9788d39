// Smooth: colour with one sample a pixel -> the same with its stairs smoothed, render size.
uniform sampler2D color;
out vec4 fragment;

void main() {
  vec2 texel = 1.0 / vec2(textureSize(color, 0));
  fragment = fxaa(color, gl_FragCoord.xy * texel, texel);
}
