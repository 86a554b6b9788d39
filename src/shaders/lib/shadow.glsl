// One light's shadow, INDEX being its number: a map of the kind SAMPLER, which the GPU compares with where COMPARED is 1.
uniform highp SAMPLER mapINDEX;
uniform mat4 worldToMapINDEX;  // to the map's 0..1; to a point light's place, for CUBE 1
uniform vec2 rangeINDEX;       // near and far of a cube's faces
uniform float biasINDEX;       // of depth
uniform float spreadINDEX;     // how far around a place its shadow is softened, of the map
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
  place = normalize(place);
  vec3 right = normalize(cross(place, axes.x > axes.z ? vec3(0.0, 1.0, 0.0) : vec3(1.0, 0.0, 0.0)));
  vec3 up = cross(place, right);
#else
  if (at.w <= 0.0 || any(lessThan(place, vec3(0.0))) || any(greaterThan(place, vec3(1.0)))) return 1.0;
  float z = place.z + biasINDEX;
#endif
  float light = 0.0;
  for (int i = 0; i < 4; i++) {
    vec2 offset = spreadINDEX * AROUND[i];
#if CUBE
    vec3 there = place + offset.x * right + offset.y * up;
#else
    vec2 there = place.xy + offset;
#endif
#if COMPARED && CUBE
    light += texture(mapINDEX, vec4(there, z));
#elif COMPARED
    light += texture(mapINDEX, vec3(there, z));
#else
    float nearest = texture(mapINDEX, there).r;
    light += reversed == (nearest < z) ? 1.0 : 0.0;
#endif
  }
  return 0.25 * light;
}
