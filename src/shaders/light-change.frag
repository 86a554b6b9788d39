// How much otherwise than a frame ago what is seen is lit. Shadows: each frame remembers its surface and what lit it, so that
// the next can ask its own shadow maps about the very same places. Lights that have moved or been dimmed: by what a white
// surface would get of them now and then.
uniform highp sampler2D depth;     // of the frame, render size
uniform highp sampler2D motion;    // see FrameInput.motion
uniform bool hasMotion;
uniform highp sampler2D previous;  // `memory` of the frame before
uniform bool hasPrevious;
uniform mat4 clipToWorld;          // with jitter, as the frame was drawn
uniform mat4 previousWorldToClip;
uniform mat4 previousClipToWorld;
uniform bool reversed;             // depth goes from 1, near, to 0
// Lamps, each in three: its place (w 1), or the direction to it (w 0); the direction against which it shines, and the cosine of
// its cone; strength, fall with distance, reach (0: no end), and the cosine of the cone's core.
uniform vec4 lampsNow[3 * LAMPS];
uniform vec4 lampsBefore[3 * LAMPS];
uniform int count;
uniform bool changed;               // lamps are not what they were
uniform float ambient;             // light from all around

// What of each lamp reaches the place last looked at, 0 to 1: all of it where it casts no shadow.
float reached[LAMPS];

#include <shadows>

layout(location = 0) out vec4 memory;  // depth in three bytes, light
layout(location = 1) out vec4 change;

// Where this share of a light has come or gone by a shadow, history is not believed at all.
const float ALL = 0.3;
const float STEPS = 16777215.0;
// Changes that history may lag behind by, all together, as a share of the light.
const float BORNE = 1.2;
// Most weight that history may have, see history.glsl.
const float MOST = 400.0;
// Most doubt where lamps have changed: some history is better than none.
const float DOUBT = 0.8;

vec4 toClip(vec2 uv, float d) { return vec4(uv * 2.0 - 1.0, reversed ? d : 2.0 * d - 1.0, 1.0); }

float irradiance(int i, vec4 place, vec4 aim, vec4 shape, vec3 world, vec3 normal) {
  vec3 towards = place.xyz - place.w * world;
  float away = length(towards);
  towards /= max(away, 1e-6);
  float light = shape.x * reached[i] * max(dot(normal, towards), 0.0);
  if (place.w > 0.0) {
    light /= max(pow(away, shape.y), 0.01);
    if (shape.z > 0.0) {
      float rest = clamp(1.0 - pow(away / shape.z, 4.0), 0.0, 1.0);
      light *= rest * rest;
    }
    light *= smoothstep(aim.w, shape.w, dot(towards, aim.xyz));
  }
  return light;
}

// Share of the light at a place by which all lamps together have changed.
float drift(vec3 surface, vec3 normal) {
  vec2 sum = vec2(0.0);
  for (int i = 0; i < count; i++) {
    sum.x += irradiance(i, lampsNow[3 * i], lampsNow[3 * i + 1], lampsNow[3 * i + 2], surface, normal);
    sum.y += irradiance(i, lampsBefore[3 * i], lampsBefore[3 * i + 1], lampsBefore[3 * i + 2], surface, normal);
  }
  return abs(sum.x - sum.y) / (max(sum.x, sum.y) + ambient);
}

void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  vec2 size = vec2(textureSize(depth, 0));
  float d = texelFetch(depth, pixel, 0).r;
  vec4 world = clipToWorld * toClip(gl_FragCoord.xy / size, d);
  vec3 surface = world.xyz / world.w;
  vec3 normal = changed ? normalize(cross(dFdx(surface), dFdy(surface))) : vec3(0.0);
  memory = vec4(vec3(d), 1.0);
  change = vec4(0.0);
  // Nothing is cast on the sky.
  if (d == (reversed ? 0.0 : 1.0)) return;
  uint steps = uint(d * STEPS + 0.5);
  memory = vec4(vec3(uvec3(steps >> 16, steps >> 8, steps) & 255u) / 255.0, shadows(world));
  if (!hasPrevious) return;
  if (changed) {
    float doubt = log2(max(MOST * drift(surface, normal) / BORNE, 1.0)) / (0.9 * log2(MOST));
    change = vec4(min(doubt, DOUBT));
  }
  // What moves by itself has left the places remembered.
  if (hasMotion && texelFetch(motion, pixel, 0).x < 2.0) return;
  vec4 clip = previousWorldToClip * world;
  ivec2 at = ivec2(floor((clip.xy / clip.w * 0.5 + 0.5) * size));
  if (clip.w <= 0.0 || any(lessThan(at, ivec2(0))) || any(greaterThanEqual(at, ivec2(size)))) return;
  vec4 remembered = texelFetch(previous, at, 0);
  uvec3 bytes = uvec3(remembered.rgb * 255.0 + 0.5);
  float then = float((bytes.r << 16) | (bytes.g << 8) | bytes.b) / STEPS;
  vec4 place = previousClipToWorld * toClip((vec2(at) + 0.5) / size, then);
  change = max(change, vec4(abs(shadows(place) - remembered.a) * SHADOWS / ALL));
}
