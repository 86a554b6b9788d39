// The mean of every texel of a small texture, in one fragment.
uniform sampler2D values;
out vec4 result;

void main() {
  ivec2 size = textureSize(values, 0);
  vec4 sum = vec4(0.0);
  for (int y = 0; y < size.y; y++) {
    for (int x = 0; x < size.x; x++) sum += texelFetch(values, ivec2(x, y), 0);
  }
  result = sum / float(size.x * size.y);
}
