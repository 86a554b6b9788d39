// What effects have added to the scene (bloom, flares), joined to the reactive mask: depth and motion tell nothing of it.
uniform sampler2D scene;     // before the effects, linear
uniform sampler2D shown;     // after them, tone-mapped and encoded
uniform sampler2D reactive;
uniform bool hasReactive;

// An effect's share of luminance below the first is taken for grading, above the second for light of its own.
const vec2 GLOW = vec2(0.1, 0.4);
// A glow is smooth: that its colours are renewed is enough, and the edges it lies over keep what they have gathered.
const float MOST = 0.3;

void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  vec3 weights = vec3(0.2126, 0.7152, 0.0722);
  gl_FragColor = texelFetch(scene, pixel, 0);
  #include <tonemapping_fragment>
  #include <colorspace_fragment>
  float before = dot(gl_FragColor.rgb, weights);
  float after = dot(texelFetch(shown, pixel, 0).rgb, weights);
  float share = MOST * smoothstep(GLOW.x, GLOW.y, (after - before) / max(after, 0.02));
  if (hasReactive) share = max(share, texelFetch(reactive, pixel, 0).r);
  gl_FragColor = vec4(share);
}
