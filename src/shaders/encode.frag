// Linear colour -> what the canvas would show: three's own tone mapping and encoding.
uniform sampler2D color;

void main() {
  gl_FragColor = texelFetch(color, ivec2(gl_FragCoord.xy), 0);
  #include <tonemapping_fragment>
  #include <colorspace_fragment>
}
