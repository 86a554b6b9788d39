// Where a fragment stands. Positions are continuous pixel coordinates: pixel (0, 0) has its centre at (0.5, 0.5).
uniform vec2 renderSize;   // pixels of `color`
uniform vec2 displaySize;  // pixels of the whole output picture
uniform vec2 offset;       // of this target's corner within the output picture, in display pixels
uniform bool topLeft;      // row 0 of `color` is the top of the picture
uniform vec2 jitter;       // by which the picture in `color` is moved, in render pixels

// This fragment's centre in display pixels, rows counted as `color` counts them.
vec2 displayPosition() {
  vec2 position = gl_FragCoord.xy + offset;
  return topLeft ? vec2(position.x, displaySize.y - position.y) : position;
}

vec2 renderPosition() {
  return displayPosition() * renderSize / displaySize + jitter;
}
