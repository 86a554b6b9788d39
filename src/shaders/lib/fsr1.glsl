// Edge-adaptive spatial upsampling and robust contrast-adaptive sharpening, written from AMD's description of
// FidelityFX Super Resolution 1.0 (GPUOpen, 2021): twelve taps around the position, a gradient estimated from
// them, and a Lanczos-like kernel turned along the edge and stretched by how edge-like the place is.

// Adds the gradient seen around one of the four nearest texels. `weight` is that texel's bilinear weight; the
// five lumas are its plus-shaped neighbourhood: up, left, centre, right, down.
void addGradient(inout vec2 direction, inout float edge, float weight, float u, float l, float c, float r, float d) {
  vec2 gradient = vec2(r - l, d - u);
  vec2 steepest = max(max(abs(vec2(r - c, d - c)), abs(vec2(c - l, c - u))), 1e-6);
  // Near 1 where the luma keeps rising or falling across the texel (an edge), near 0 on a peak or in noise.
  vec2 run = clamp(abs(gradient) / steepest, 0.0, 1.0);
  direction += gradient * weight;
  edge += weight * dot(run * run, vec2(1.0));
}

// A polynomial stand-in for Lanczos-2 that costs no sine; `lobe` sets how negative its side lobes go.
float easuKernel(float distanceSquared, float lobe) {
  float base = 0.4 * distanceSquared - 1.0;
  float window = lobe * distanceSquared - 1.0;
  return (1.5625 * base * base - 0.5625) * window * window;
}

vec4 easu(sampler2D source, vec2 position) {
  vec2 corner = floor(position - 0.5);
  vec2 f = position - 0.5 - corner;
  ivec2 t = ivec2(corner);
  const ivec2 TAPS[12] = ivec2[12](
    ivec2(0, -1), ivec2(1, -1), ivec2(-1, 0), ivec2(0, 0), ivec2(1, 0), ivec2(2, 0),
    ivec2(-1, 1), ivec2(0, 1), ivec2(1, 1), ivec2(2, 1), ivec2(0, 2), ivec2(1, 2));
  vec4 c[12];
  float y[12];
  for (int i = 0; i < 12; i++) {
    c[i] = fetchClamped(source, t + TAPS[i]);
    y[i] = luma(c[i].rgb);
  }

  vec2 direction = vec2(0.0);
  float edge = 0.0;
  addGradient(direction, edge, (1.0 - f.x) * (1.0 - f.y), y[0], y[2], y[3], y[4], y[7]);
  addGradient(direction, edge, f.x * (1.0 - f.y), y[1], y[3], y[4], y[5], y[8]);
  addGradient(direction, edge, (1.0 - f.x) * f.y, y[3], y[6], y[7], y[8], y[10]);
  addGradient(direction, edge, f.x * f.y, y[4], y[7], y[8], y[9], y[11]);

  float strength = dot(direction, direction);
  direction = strength < 1.0 / 32768.0 ? vec2(1.0, 0.0) : direction * inversesqrt(strength);
  edge = 0.25 * edge * edge;
  // A diagonal direction passes more source pixels per unit: the kernel grows with it, across the edge only.
  float stretch = 1.0 / max(abs(direction.x), abs(direction.y));
  vec2 scale = vec2(1.0 + (stretch - 1.0) * edge, 1.0 - 0.5 * edge);
  float lobe = 0.5 - 0.29 * edge;
  float reach = 1.0 / lobe;

  vec4 sum = vec4(0.0);
  float total = 0.0;
  for (int i = 0; i < 12; i++) {
    vec2 d = vec2(TAPS[i]) - f;
    vec2 turned = vec2(dot(d, direction), dot(d, vec2(-direction.y, direction.x))) * scale;
    float w = easuKernel(min(dot(turned, turned), reach), lobe);
    sum += w * c[i];
    total += w;
  }
  // The four nearest texels bound the result, which removes ringing.
  vec4 low = min(min(c[3], c[4]), min(c[7], c[8]));
  vec4 high = max(max(c[3], c[4]), max(c[7], c[8]));
  return clamp(sum / total, low, high);
}

// Sharpens by a negative cross-shaped lobe, as large as keeps the result inside 0..1 given the neighbours.
// `strength` is 0 (none) to 1 (all that is safe).
vec4 rcas(sampler2D source, ivec2 texel, float strength) {
  vec4 centre = fetchClamped(source, texel);
  vec3 up = fetchClamped(source, texel + ivec2(0, 1)).rgb;
  vec3 left = fetchClamped(source, texel + ivec2(-1, 0)).rgb;
  vec3 right = fetchClamped(source, texel + ivec2(1, 0)).rgb;
  vec3 down = fetchClamped(source, texel + ivec2(0, -1)).rgb;
  vec3 low = min(min(up, left), min(right, down));
  vec3 high = max(max(up, left), max(right, down));
  vec3 roomBelow = min(low, centre.rgb) / max(4.0 * high, 1e-4);
  vec3 roomAbove = (1.0 - max(high, centre.rgb)) / min(4.0 * low - 4.0, -1e-4);
  vec3 lobes = max(-roomBelow, roomAbove);
  // 0.1875 is FSR's limit: beyond it the five-tap kernel starts to ring visibly.
  float lobe = max(-0.1875, min(max(lobes.r, max(lobes.g, lobes.b)), 0.0)) * strength;
  return vec4((lobe * (up + left + right + down) + centre.rgb) / (4.0 * lobe + 1.0), centre.a);
}
