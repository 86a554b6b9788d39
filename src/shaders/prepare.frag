// Prepare: colour at render size -> the network's first tensor, one texel a render pixel.
uniform sampler2D color;
out vec4 tensor;

void main() {
  vec4 c = texelFetch(color, ivec2(gl_FragCoord.xy), 0);
#if INPUT_CHANNELS == 1
  tensor = vec4(luma(c.rgb), 0.0, 0.0, 0.0);
#else
  tensor = vec4(c.rgb, 0.0);
#endif
}
