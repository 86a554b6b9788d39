// Copies colour and depth, for three.js.
uniform sampler2D color;
uniform highp sampler2D depth;

void main() {
  gl_FragColor = texelFetch(color, ivec2(gl_FragCoord.xy), 0);
  gl_FragDepth = texelFetch(depth, ivec2(gl_FragCoord.xy), 0).r;
}
