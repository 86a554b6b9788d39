// What generated network passes call. A picture is a texture array, four channels to a layer.

// Zero outside the picture, for textures whose border of zeros is too narrow. Or, where `edge` is a tile's side (1: no tiles),
// the picture's edge; then `pixel` counts pixels, else texels.
vec4 inside(sampler2DArray picture, ivec2 pixel, int layer, int border, int edge) {
  int tile = max(edge, 1);
  ivec2 near = clamp(pixel, ivec2(0), (textureSize(picture, 0).xy - 2 * border) * tile - 1);
  ivec2 part = near % tile;
  return edge > 0 || near == pixel
    ? texelFetch(picture, ivec3(near / tile + border, layer + part.y * tile + part.x), 0)
    : vec4(0.0);
}

vec4 leakyrelu(vec4 x, vec4 slope) { return max(x, 0.0) + slope * min(x, 0.0); }

// Past these arguments a 32-bit result no longer changes, and exp would overflow.
vec4 sigmoid(vec4 x) { return 1.0 / (1.0 + exp(-clamp(x, -80.0, 80.0))); }
vec4 hyperbolic(vec4 x) { return 1.0 - 2.0 / (1.0 + exp(2.0 * clamp(x, -20.0, 20.0))); }

vec4 hardswish(vec4 x) { return x * clamp(x / 6.0 + 0.5, 0.0, 1.0); }
