// Trust: colour (render size) and the picture made of it (display size) -> how far the two are apart, one texel a
// render pixel, in colour's row order. All are levels of 255, each as the root of its share of 255: fine steps where
// it matters, at small values, and no overflow.
//   r  departure: the picture shrunk back, against colour; the worst channel
//   g  addition: the picture against colour's plain bicubic enlargement; RMS over the render pixel's area and channels
//   b  departure again, as RMS over the channels: what a PSNR is summed from
uniform sampler2D color;
uniform sampler2D picture;  // bottom row first
uniform vec2 renderSize;
uniform vec2 displaySize;
uniform bool topLeft;  // row 0 of `color` is the top of the picture
out vec4 map;

vec3 pictureAt(ivec2 p) {
  ivec2 last = ivec2(displaySize) - 1;
  p = clamp(p, ivec2(0), last);
  return texelFetch(picture, topLeft ? ivec2(p.x, last.y - p.y) : p, 0).rgb;
}

// Keys' cubic with a = -0.5, at a distance in render pixels.
float keys(float x) {
  x = abs(x);
  return x < 1.0 ? 1.0 + x * x * (1.5 * x - 2.5) : x < 2.0 ? 2.0 + x * (-4.0 + x * (2.5 - 0.5 * x)) : 0.0;
}

// Shrunk as pictures are measured: bicubic, as wide as the ratio asks against aliasing.
vec3 shrunk(vec2 center, vec2 ratio) {
  ivec2 from = ivec2(ceil(center - 2.0 * ratio - 0.5));
  ivec2 to = ivec2(floor(center + 2.0 * ratio - 0.5));
  vec3 sum = vec3(0.0);
  float total = 0.0;
  for (int y = from.y; y <= to.y; y++) {
    float wy = keys((float(y) + 0.5 - center.y) / ratio.y);
    for (int x = from.x; x <= to.x; x++) {
      float w = wy * keys((float(x) + 0.5 - center.x) / ratio.x);
      sum += w * pictureAt(ivec2(x, y));
      total += w;
    }
  }
  return clamp(sum / total, 0.0, 1.0);
}

// Mean squared difference to the bicubic enlargement, over the display pixels whose centres lie in the render pixel.
float added(vec2 center, vec2 ratio) {
  ivec2 from = ivec2(ceil(center - 0.5 * ratio - 0.5));
  ivec2 to = max(from, ivec2(ceil(center + 0.5 * ratio - 0.5)) - 1);
  float sum = 0.0;
  for (int y = from.y; y <= to.y; y++) {
    for (int x = from.x; x <= to.x; x++) {
      vec3 plain = clamp(bicubic(color, (vec2(x, y) + 0.5) / ratio).rgb, 0.0, 1.0);
      vec3 difference = pictureAt(ivec2(x, y)) - plain;
      sum += dot(difference, difference) / 3.0;
    }
  }
  ivec2 count = to - from + 1;
  return sum / float(count.x * count.y);
}

void main() {
  vec2 ratio = displaySize / renderSize;
  vec2 center = gl_FragCoord.xy * ratio;
  vec3 difference = abs(shrunk(center, ratio) - texelFetch(color, ivec2(gl_FragCoord.xy), 0).rgb);
  float worst = max(difference.r, max(difference.g, difference.b));
  map = vec4(sqrt(vec3(worst, sqrt(added(center, ratio)), sqrt(dot(difference, difference) / 3.0))), 1.0);
}
