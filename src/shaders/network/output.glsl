// Reads the finished network: NETWORK_BLOCK is the depth-to-space factor, channels lie in (channel, y, x) order.
uniform sampler2DArray networkMap;

float networkOutput(ivec2 pixel, int channel) {
  ivec2 cell = pixel / NETWORK_BLOCK;
  ivec2 part = pixel - cell * NETWORK_BLOCK;
  int at = (channel * NETWORK_BLOCK + part.y) * NETWORK_BLOCK + part.x;
  return texelFetch(networkMap, ivec3(cell + NETWORK_BORDER, at >> 2), 0)[at & 3];
}

// With one channel and a factor of 2: the four output pixels of an input pixel, (0,0) (1,0) (0,1) (1,1).
vec4 networkBlock(ivec2 inputPixel) { return texelFetch(networkMap, ivec3(inputPixel + NETWORK_BORDER, 0), 0); }
