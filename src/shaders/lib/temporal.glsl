// Shared by the temporal stages.

// History is compared with its surroundings in YCoCg: the box around a handful of colours fits closer there than in RGB.
vec3 toYCoCg(vec3 c) {
  return vec3(dot(c, vec3(0.25, 0.5, 0.25)), dot(c, vec3(0.5, 0.0, -0.5)), dot(c, vec3(-0.25, 0.5, -0.25)));
}

vec3 fromYCoCg(vec3 c) {
  return vec3(c.x + c.y - c.z, c.x + c.z, c.x - c.y - c.z);
}

// A sample fit to be remembered: a NaN or an infinity in history would spread and never leave.
// A comparison in place of isnan and isinf: on llvmpipe those took a third of the prepare pass.
vec3 sane(vec3 c) { return clamp(mix(vec3(0.0), c, lessThan(abs(c), vec3(3e38))), 0.0, 1.0); }

// Weight gathered over about a round of jitter.
const float SETTLED = 6.0;

// How far a picture of that gathered weight is from resting, 1 to 0: what is guessed anew in every frame must fade with it.
float unsettled(float gathered) { return 1.0 - smoothstep(0.5 * SETTLED, 2.0 * SETTLED, gathered); }

// Scale of the belief that shares a channel with a whole number, so that it stays below 1.
const float BELIEF = 0.75;

// The texel of what the prepare pass made for a position on the grid of samples: that of the cell of four samples around it.
ivec2 cellOf(vec2 position, vec2 size) { return ivec2(clamp(floor(position - 0.5), vec2(0.0), size - 1.0)); }

// Two numbers from -0.25 to 0.25 in 8 bits each; 0 is exact.
vec4 packDrift(vec2 drift) { return vec4((clamp(drift, -0.25, 0.25) * 508.0 + 128.0) / 255.0, 0.0, 0.0); }
vec2 unpackDrift(vec4 bits) { return (bits.xy * 255.0 - 128.0) / 508.0; }
