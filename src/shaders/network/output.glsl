// Reads the finished network. NETWORK_BLOCK is the depth-to-space factor, channels lie in (channel, y, x) order;
// NETWORK_TILE pixels a side share a texel position, in layers next to each other.
uniform sampler2DArray networkMap;

vec4 networkTexel(ivec2 pixel, int block) {
  ivec2 cell = pixel / NETWORK_TILE;
  ivec2 part = pixel - cell * NETWORK_TILE;
  int layer = (block * NETWORK_TILE + part.y) * NETWORK_TILE + part.x;
  return texelFetch(networkMap, ivec3(cell + NETWORK_BORDER, layer), 0);
}

float networkOutput(ivec2 pixel, int channel) {
  ivec2 cell = pixel / NETWORK_BLOCK;
  ivec2 part = pixel - cell * NETWORK_BLOCK;
  int at = (channel * NETWORK_BLOCK + part.y) * NETWORK_BLOCK + part.x;
  return networkTexel(cell, at >> 2)[at & 3];
}
