// Sharpen: display size -> display size, same orientation.
uniform sampler2D picture;
uniform vec2 offset;     // of this target's corner within the picture, in pixels
uniform float strength;  // 0..1
out vec4 fragment;

void main() {
  fragment = clamp(rcas(picture, ivec2(gl_FragCoord.xy + offset), strength), 0.0, 1.0);
}
