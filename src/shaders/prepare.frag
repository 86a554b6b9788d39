// Prepare: colour at render size -> the network's first tensor, one texel a render pixel. A tensor larger than the
// picture (a network that halves it needs even sides) repeats the edge.
uniform sampler2D color;
uniform vec2 renderSize;
out vec4 tensor;

void main() {
  vec4 c = texelFetch(color, min(ivec2(gl_FragCoord.xy), ivec2(renderSize) - 1), 0);
#if INPUT_CHANNELS == 1
  tensor = vec4(luma(c.rgb), 0.0, 0.0, 0.0);
#else
  tensor = vec4(c.rgb, 0.0);
#endif
}
