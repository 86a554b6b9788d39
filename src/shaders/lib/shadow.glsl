// One light's shadow, INDEX being its number: a map of the kind SAMPLER, which the GPU compares with where COMPARED is 1, and
// which has means and deviations of depth (VSM) where MEANS is.
uniform highp SAMPLER mapINDEX;
uniform mat4 worldToMapINDEX;  // to the map's 0..1; to a point light's place, for CUBE 1
uniform vec2 rangeINDEX;       // near and far of a cube's faces
uniform float biasINDEX;       // of depth
uniform float weightINDEX;

// What of the light reaches a place of the world, 0 to 1.
float lightINDEX(vec4 world) {
  vec4 at = worldToMapINDEX * world;
  vec3 place = at.xyz / at.w;
#if CUBE
  vec3 axes = abs(place);
  float deep = max(axes.x, max(axes.y, axes.z));
  vec2 range = rangeINDEX;
  if (deep < range.x || deep > range.y) return 1.0;
  float nearness = range.x * (range.y - deep) / (deep * (range.y - range.x));
  float z = (reversed ? nearness : 1.0 - nearness) + biasINDEX;
#else
  if (at.w <= 0.0 || any(lessThan(place, vec3(0.0))) || any(greaterThan(place, vec3(1.0)))) return 1.0;
  float z = place.z + biasINDEX;
#endif
#if COMPARED && CUBE
  return texture(mapINDEX, vec4(place, z));
#elif COMPARED
  return texture(mapINDEX, vec3(place.xy, z));
#elif CUBE
  return reversed == (texture(mapINDEX, place).r < z) ? 1.0 : 0.0;
#else
  vec2 seen = texture(mapINDEX, place.xy).rg;
  if (reversed == (seen.r < z)) return 1.0;
#if MEANS
  // As three's own shader softens them.
  float variance = max(seen.g * seen.g, 1e-7);
  return clamp((variance / (variance + (z - seen.r) * (z - seen.r)) - 0.3) / 0.65, 0.0, 1.0);
#endif
  return 0.0;
#endif
}
