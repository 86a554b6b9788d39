// Temporal show: what accumulation has made to be shown (display size; see `toShow`), sharpened or softened -> the picture,
// right side up. It is read in 8 bits, which costs a processor a tenth of what history's floats do. Alpha is the present
// frame's.
uniform sampler2D shown;  // linear
uniform sampler2D color;
out vec4 fragment;

void main() {
  vec2 position = displayPosition();
  vec4 kept = texelFetch(shown, ivec2(position), 0);
  // (1 2 1) / 4 in rows and columns, as four bilinear reads.
  vec4 corners = (position.xyxy + vec4(-0.5, -0.5, 0.5, 0.5)) / displaySize.xyxy;
  vec3 blurred = 0.25 * (textureLod(shown, corners.xy, 0.0).rgb + textureLod(shown, corners.zy, 0.0).rgb +
    textureLod(shown, corners.xw, 0.0).rgb + textureLod(shown, corners.zw, 0.0).rgb);
  float alpha = clamp(bilinear(color, renderPosition()).a, 0.0, 1.0);
  fragment = vec4(clamp(kept.rgb + (3.0 * kept.a - 1.0) * (kept.rgb - blurred), 0.0, alpha), alpha);
}
