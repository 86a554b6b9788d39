// Shared by the stages that show history. Declares `history`; wants temporal.glsl and position.glsl, and with LEARNED the
// network's output.
uniform sampler2D history;  // linear

// A settled picture is sharpened by so much of what a 3x3 blur takes from it: it was gathered through a filter that is
// wider than the pixel's box.
const float CRISP = 0.4;
// Without a network, gathered weight at which that begins, beyond what anything in motion has, and at which it is full.
const float RESTING = 1.5;
const float RESTED = 3.0;

// The picture at a place of history, which lies at a pixel's centre. What a network decides for showing alone is guessed
// anew in every frame, and fades as history settles.
vec3 pictureAt(vec2 position) {
  ivec2 pixel = ivec2(position);
  vec4 kept = texelFetch(history, pixel, 0);
  float guess = unsettled(kept.a);
#ifdef LEARNED
  ivec2 quad = pixel >> 1;
  float crisp = mix(CRISP, clamp(networkTexel(quad, 2).x, -1.0, 2.0), guess);
  float added = networkTexel(quad, 1)[(pixel.y & 1) * 2 + (pixel.x & 1)] * guess;
#else
  float crisp = CRISP * smoothstep(RESTING, RESTED, kept.a);
  const float added = 0.0;
#endif
  // (1 2 1) / 4 in rows and columns, as four bilinear reads.
  vec4 corners = (position.xyxy + vec4(-0.5, -0.5, 0.5, 0.5)) / displaySize.xyxy;
  vec3 blurred = 0.25 * (textureLod(history, corners.xy, 0.0).rgb + textureLod(history, corners.zy, 0.0).rgb +
    textureLod(history, corners.xw, 0.0).rgb + textureLod(history, corners.zw, 0.0).rgb);
  return clamp(kept.rgb + crisp * (kept.rgb - blurred) + added, 0.0, 1.0);
}
