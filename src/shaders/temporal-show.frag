// Temporal show: what accumulation has made to be shown (display size) -> the picture, right side up.
uniform sampler2D shown;
out vec4 fragment;

void main() { fragment = texelFetch(shown, ivec2(displayPosition()), 0); }
