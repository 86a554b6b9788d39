// Game features: what a game network is told of each quad of 2 x 2 display pixels, in four layers. Luma and the like in
// YCoCg of sRGB-encoded colour. train/game.py has the same, and was what the network was trained with.
//   layer 0  luma of this frame at the four pixels, bilinear, less 0.5
//   layer 1  luma of history there, less this frame's
//   layer 2  distance of both in chroma; how far history is believed; log2(1 + weight gathered) / 8; lowest luma lately
//   layer 3  highest luma lately, both less this frame's mean; motion m in display pixels as m / (m + 1); where the quad's
//            centre lies from the nearest sample, in render pixels
// Without history what tells of it is 0.
uniform sampler2D color;     // linear
uniform sampler2D prepared;
uniform sampler2D low;
uniform sampler2D high;
uniform vec2 renderSize;
uniform vec2 jitter;         // render pixels
layout(location = 0) out vec4 layer0;
layout(location = 1) out vec4 layer1;
layout(location = 2) out vec4 layer2;
layout(location = 3) out vec4 layer3;

void main() {
  vec2 scale = renderSize / displaySize;
  vec2 first = 2.0 * floor(gl_FragCoord.xy);
  vec2 position = (first + 1.0) * scale + jitter;
  vec2 at = clamp(floor(position), vec2(0.0), renderSize - 1.0);
  ivec2 cell = cellOf(position, renderSize);
  vec4 there = texelFetch(prepared, cell, 0);
  vec2 shift = there.xy * displaySize;
  float believed = fract(there.w) / BELIEF;

  vec4 luma = vec4(0.0);
  vec4 before = vec4(0.0);
  vec2 chroma = vec2(0.0);
  float gathered = 0.0;
  for (int i = 0; i < 4; i++) {
    vec2 pixel = first + vec2(i & 1, i >> 1) + 0.5;
    vec3 now = toYCoCg(sane(textureLod(color, (pixel * scale + jitter) / renderSize, 0.0).rgb));
    luma[i] = now.x;
    if (believed > 0.0) {
      vec4 old = textureLod(history, (pixel + shift) / displaySize, 0.0);
      vec3 kept = toYCoCg(old.rgb);
      before[i] = kept.x - now.x;
      chroma += 0.25 * (kept.yz - now.yz);
      gathered += 0.25 * old.a;
    }
  }
  vec2 box = vec2(texelFetch(low, cell, 0).x, texelFetch(high, cell, 0).x) -
    0.25 * (luma.x + luma.y + luma.z + luma.w);
  float motion = length(shift);
  layer0 = luma - 0.5;
  layer1 = before;
  layer2 = vec4(length(chroma), believed, log2(1.0 + gathered) / 8.0, box.x);
  layer3 = vec4(box.y, motion / (motion + 1.0), position - at - 0.5);
}
