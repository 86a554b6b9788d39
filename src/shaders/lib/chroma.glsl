// Chroma guided by luma, after the local linear model of the guided filter (He, Sun and Tang, 2013): among the taps around
// the position each channel is taken as a linear function of luma, and a change of luma changes it along that slope.
// Needs LUMA and the cubic of filters.glsl.

// How far the slopes are followed from grey (0) to the fit (1). Between two colours the fit is exact, where chroma is as
// fine as luma: drawings, renderings, photographs made smaller. But most JPEG and video hold chroma at half the
// resolution, and the small picture does not tell; there no detail of chroma is to be had, and the whole fit invents some.
// On training pictures of both kinds a half keeps three quarters of the gain on photographs, six tenths on drawings, and
// loses on photographs of neither kind.
const float TRUST = 0.5;
// Variance of luma below which the fit fades out and a change of luma is grey: the square of 3.6 of 255 levels. Measured on
// training pictures: ten times less lets quantisation choose colours, ten times more leaves soft coloured edges unguided.
const float FADE = 2e-4;
// Blue on black, the steepest of all lines, rises by 1 / 0.114 = 8.8 for luma's 1: 7.8 beyond grey.
const float STEEPEST = 8.0;
// Where chroma is known to be subsampled, by how much the mean of the taps takes the place of their bicubic: luma then says
// where within them a colour ends, and an encoder's noise of chroma averages out. With the whole slope, on training clips
// out of encoders at every rate, it gains 0.02 to 0.6 dB of RGB PSNR; all of the mean gains as much, a half less.
const float SMOOTHED = 0.75;

struct Guided {
  vec4 bicubic;  // smoother where chroma is subsampled
  vec3 slope;  // change of each channel for a change of luma; their luma is 1
};

// `subsampled` is 1 where the source's chroma is known to be at half the resolution, else 0.
Guided guidedBicubic(sampler2D source, vec2 position, float subsampled) {
  vec2 corner = floor(position - 0.5);
  vec2 f = position - 0.5 - corner;
  ivec2 t = ivec2(corner) - 1;
  vec4 cubicX = cubicWeights(f.x);
  vec4 cubicY = cubicWeights(f.y);
  // A tent of two pixels each side: as wide as the cubic and never negative.
  vec4 tentX = vec4(1.0 - f.x, 2.0 - f.x, 1.0 + f.x, f.x) * 0.25;
  vec4 tentY = vec4(1.0 - f.y, 2.0 - f.y, 1.0 + f.y, f.y) * 0.25;
  vec4 base = vec4(0.0);
  vec3 mean = vec3(0.0);
  vec3 product = vec3(0.0);
  for (int i = 0; i < 4; i++) {
    mat4 row = mat4(
      fetchClamped(source, t + ivec2(0, i)), fetchClamped(source, t + ivec2(1, i)),
      fetchClamped(source, t + ivec2(2, i)), fetchClamped(source, t + ivec2(3, i)));
    base += cubicY[i] * (row * cubicX);
    mat4x3 colours = mat4x3(row);
    mean += tentY[i] * (colours * tentX);
    product += tentY[i] * (colours * (tentX * (LUMA * colours)));
  }
  // Luma is a sum of the channels, so its moments are the same sums of theirs.
  vec3 covariance = product - mean * luma(mean);
  float variance = luma(covariance);
  vec3 beyondGrey = (covariance - variance) / (max(variance, 0.0) + FADE);
  vec3 size = abs(beyondGrey);
  float limit = STEEPEST / max(max(size.r, size.g), max(size.b, STEEPEST));
  base.rgb = mix(base.rgb, mean, SMOOTHED * subsampled);
  return Guided(base, 1.0 + beyondGrey * (mix(TRUST, 1.0, subsampled) * limit));
}
