// Smooth: colour with one sample a pixel -> the same with its stairs smoothed, render size.
uniform sampler2D color;
out vec4 fragment;

void main() {
  fragment = fxaa(color, ivec2(gl_FragCoord.xy));
}
