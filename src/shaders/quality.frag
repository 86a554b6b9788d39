// Quality of a tile against the truth, one texel a window: squared error in RGB and SSIM on luma over an 8x8 window.
// The truth is TRUTH_SCALE times as dense per axis and box-filtered here.
uniform sampler2D picture;
uniform sampler2D truth;
out vec4 result;

const int WINDOW = 8;
const int STRIDE = 4;

vec3 truthAt(ivec2 p) {
  vec3 sum = vec3(0.0);
  for (int y = 0; y < TRUTH_SCALE; y++) {
    for (int x = 0; x < TRUTH_SCALE; x++) sum += texelFetch(truth, p * TRUTH_SCALE + ivec2(x, y), 0).rgb;
  }
  return sum / float(TRUTH_SCALE * TRUTH_SCALE);
}

void main() {
  ivec2 corner = ivec2(gl_FragCoord.xy) * STRIDE;
  float squared = 0.0;
  vec2 mean = vec2(0.0);
  vec3 second = vec3(0.0);  // of a*a, b*b, a*b
  for (int y = 0; y < WINDOW; y++) {
    for (int x = 0; x < WINDOW; x++) {
      vec3 ours = texelFetch(picture, corner + ivec2(x, y), 0).rgb;
      vec3 theirs = truthAt(corner + ivec2(x, y));
      vec3 difference = ours - theirs;
      squared += dot(difference, difference) / 3.0;
      vec2 lumas = vec2(luma(ours), luma(theirs));
      mean += lumas;
      second += vec3(lumas * lumas, lumas.x * lumas.y);
    }
  }
  const float N = float(WINDOW * WINDOW);
  mean /= N;
  vec2 variance = second.xy / N - mean * mean;
  float covariance = second.z / N - mean.x * mean.y;
  // SSIM's constants for a range of 1: (0.01)^2 and (0.03)^2.
  float ssim = (2.0 * mean.x * mean.y + 1e-4) * (2.0 * covariance + 9e-4) /
    ((dot(mean, mean) + 1e-4) * (variance.x + variance.y + 9e-4));
  result = vec4(squared / N, ssim, 0.0, 1.0);
}
